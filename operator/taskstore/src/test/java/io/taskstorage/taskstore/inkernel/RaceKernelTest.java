package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Bpffs;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks are started in several cgroups, in every way, while the rows of these change back to back.
 * Each looks at its own entry as its first act: it must be there, of its own cgroup, and of a
 * version that was in force between its start and its look.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
@GuestTest(GuestSuite.RACE)
class RaceKernelTest {
  private static final int STARTS = Integer.getInteger("starts", 20_000);
  private static final int CGROUPS = 4;
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int MAYBE = 8;
  private static final Pattern SEEN =
      Pattern.compile("right=(\\d+) missing=(\\d+) wrong=0 failed=0\n");

  @Test
  void everyTaskFindsItsValue(CgroupSandbox sandbox, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    Path program = Gcc.compileFiles("born", List.of(resource("born.c")), "-pthread", "-O2");
    Path pin = bpffs.resolve("entries");
    Path shared = Files.write(folder.resolve("versions"), new byte[2 * MAYBE]);
    try (FileChannel file =
            FileChannel.open(shared, StandardOpenOption.READ, StandardOpenOption.WRITE);
        BpfMap entries = TestMaps.entries("entries", 16);
        ProgramSet set =
            ProgramSet.load(
                List.of(new ProgramSet.SetMap(entries, 16, List.of(new ByteRange(0, 16)))))) {
      // Given
      set.attach();
      MappedByteBuffer versions = file.map(FileChannel.MapMode.READ_WRITE, 0, 2 * MAYBE);
      versions.order(ByteOrder.nativeOrder());
      entries.pin(pin);
      List<Cgroup> cgroups = new ArrayList<>();
      for (int i = 0; i < CGROUPS; i++) {
        // The last one is nested, and has a row of its own only at times.
        cgroups.add(i < CGROUPS - 1 ? sandbox.create("c" + i) : cgroups.getLast().create("inner"));
      }
      long version = change(set, versions, cgroups, 0);
      // When
      List<Child> children = new ArrayList<>();
      for (int i = 0; i < CGROUPS; i++) {
        children.add(
            Command.of(program.toString())
                .arguments(
                    pin.toString(),
                    cgroups.get(i).path().toString(),
                    Integer.toString(deciding(i)),
                    shared.toString(),
                    Integer.toString(STARTS / CGROUPS))
                .start());
      }
      while (children.stream().anyMatch(Child::isAlive)) {
        version = change(set, versions, cgroups, version);
      }
      // Then
      long missing = 0;
      for (Child child : children) {
        Matcher seen = SEEN.matcher(child.awaitExit(LIMIT).stdoutIfDone());
        assertThat(seen.matches()).isTrue();
        missing += Long.parseLong(seen.group(2));
        assertThat(Long.parseLong(seen.group(1)) + Long.parseLong(seen.group(2)))
            .as("right or missing of %s", seen.group())
            .isEqualTo(STARTS / CGROUPS);
      }
      long refused =
          set.tally(NodePrograms.Counted.NEWTASK).getFirst().getOrDefault(TallyField.FAILED, 0L);
      assertThat(missing).as("missing, of which the kernel refused some").isBetween(0L, refused);
      assertThat(refused).as("refused entries").isBetween(0L, isPreemptible() ? STARTS : 0L);
      assertThat(version).as("changes meanwhile").isGreaterThan(10);
      // When nothing is wanted any more
      cgroups.forEach(cgroup -> set.unassign(cgroup.id()));
      set.sweep();
      Map<TallyField, Long> again = set.sweep().getFirst();
      // Then nobody has an entry
      assertThat(again).containsEntry(TallyField.DELETED, 0L).containsEntry(TallyField.MADE, 0L);
      Bpffs.unpin(pin);
    }
  }

  /**
   * From 6.2 to 6.19 a kernel that preempts tasks in task storage, as a LOOKUP by pidfd is, refuses
   * entries to what is born on that CPU meanwhile. Such entries are counted.
   */
  private static boolean isPreemptible() throws IOException {
    return Files.readString(Path.of("/proc/cmdline")).contains("preempt=full");
  }

  /** The nested cgroup shows the number of the one that it is in: its own row says the same. */
  private static int deciding(int cgroup) {
    return Math.min(cgroup, CGROUPS - 2);
  }

  private static long change(
      ProgramSet set, MappedByteBuffer versions, List<Cgroup> cgroups, long before) {
    long version = before + 1;
    versions.putLong(MAYBE, version);
    for (int i = 0; i < CGROUPS; i++) {
      Cgroup cgroup = cgroups.get(i);
      if (i == CGROUPS - 1 && version % 3 == 0) {
        set.unassign(cgroup.id());
      } else {
        set.assign(cgroup.id(), List.of(Optional.of(value(version, deciding(i)))));
      }
    }
    set.sweep();
    versions.putLong(0, version);
    return version;
  }

  private static Value value(long version, long cgroup) {
    return Value.of(
        ByteBuffer.allocate(16)
            .order(ByteOrder.nativeOrder())
            .putLong(version)
            .putLong(cgroup)
            .array());
  }

  private static Path resource(String name) {
    try {
      URL url = RaceKernelTest.class.getResource("/RaceKernelTest/" + name);
      return Path.of(Objects.requireNonNull(url, name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(name, e);
    }
  }
}
