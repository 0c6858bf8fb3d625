package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import io.taskstorage.taskstore.inkernel.NodePrograms.Counted;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.OlderKernel;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The memory cgroup of the maps' maker is at its limit: entries count for it, whoever makes them
 * and whoever they are for. No host runs it: its memory controller may be one of cgroup v1.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
@GuestTest(GuestSuite.MEMORY_LIMIT)
class MemoryLimitStory {
  private static final int BYTES = 4096;
  private static final int TASKS = 300;

  /** Room for some entries, and not for all. */
  private static final long ROOM = 128 << 10;

  private static final MapName LIMITED = new MapName("limited");
  private static final StoreMap MAP =
      new StoreMap(
          LIMITED,
          new BpfName("limited"),
          StructLayout.of("limited", List.of(Field.array("bytes", ScalarType.BYTES, BYTES))),
          Reclaim.DELETE);
  private static final Value VALUE = value();

  private CgroupSandbox sandbox;
  private Cgroup maker;
  private Cgroup members;
  private String home;

  @BeforeEach
  void makeCgroups(CgroupSandbox cgroups) throws IOException {
    sandbox = cgroups;
    write(sandbox.top(), "cgroup.subtree_control", "+memory");
    maker = sandbox.create("maker");
    members = sandbox.create("members");
    home = Files.readString(Path.of("/proc/self/cgroup")).strip().substring("0::/".length());
  }

  /** Also where a test has failed meanwhile. */
  @AfterEach
  void comeHome() {
    goTo(new Cgroup(sandbox.root(), sandbox.root().resolve(home)));
  }

  @Test
  void aSweepCountsTheTasksThatItFailsAndALaterOneHealsThem(@BpffsMount Path bpffs, Tasks tasks)
      throws IOException {
    // Given
    Task process = tasks.processIn(members.path());
    process.threads(TASKS - 1);
    CgroupTree tree = CgroupTree.open(sandbox.top().path());
    try (TaskStore store = TaskStores.inKernel(new PinTree(bpffs), tree)) {
      inMaker(() -> store.install(MAP));
      limit();
      // When
      store.assign(new CgroupId(members.id()), new Row(Map.of(LIMITED, VALUE)));
      SweepCounts swept = store.sweep().counts(LIMITED);
      // Then
      needLimit();
      assertThat(swept.failed()).as("%s", swept).isPositive();
      assertThat(swept.tasks() + swept.failed()).as("%s", swept).isEqualTo(TASKS);
      assertThat(swept.created()).as("%s", swept).isEqualTo(swept.tasks());
      assertThat(store.entries(LIMITED))
          .hasSize(swept.tasks())
          .allMatch(entry -> entry.value().equals(VALUE));
      // When a task is born meanwhile
      Task child = process.fork();
      // Then
      assertThat(store.sweep().counts(LIMITED).failed()).isPositive();
      // When
      unlimit();
      SweepCounts healed = store.sweep().counts(LIMITED);
      // Then
      assertThat(healed.tasks()).as("%s", healed).isEqualTo(TASKS + 1);
      assertThat(healed.failed()).as("%s", healed).isZero();
      assertThat(store.verify().changes()).isZero();
      assertThat(store.entries(LIMITED))
          .hasSize(TASKS + 1)
          .allMatch(entry -> entry.value().equals(VALUE))
          .anyMatch(entry -> entry.tid() == child.tid());
    }
  }

  @Test
  void birthsThatFailAreCountedAndToldOf(Tasks tasks) throws IOException {
    // Given
    Task process = tasks.processIn(members.path());
    try (BpfMap entries = inMaker(() -> TestMaps.entries("limited", BYTES));
        ProgramSet set =
            ProgramSet.load(
                ProgramSource.OF_THIS_KERNEL,
                List.of(new ProgramSet.SetMap(entries, BYTES, List.of(new ByteRange(0, BYTES)))))) {
      set.attach();
      set.assign(members.id(), TestMaps.row(List.of(Optional.of(VALUE))));
      limit();
      // When
      List<Task> born = process.threads(TASKS);
      // Then
      needLimit();
      long made = count(set, Counted.NEWTASK, TallyField.MADE);
      long failed = count(set, Counted.NEWTASK, TallyField.FAILED);
      assertThat(failed).as("made " + made).isPositive();
      assertThat(made + failed).isEqualTo(TASKS);
      assertThat(set.events())
          .filteredOn(event -> event.kind() == Event.Kind.TASK_FAILED)
          .extracting(Event::task)
          .hasSizeGreaterThanOrEqualTo((int) failed)
          .isSubsetOf(born.stream().map(Task::tid).toList());
      // When
      unlimit();
      set.sweep();
      // Then
      assertThat(set.list(0)).hasSize(TASKS + 1).allMatch(found -> found.value().equals(VALUE));
      assertThat(count(set, Counted.SWEEP, TallyField.FAILED)).isZero();
      process.threads(TASKS);
      assertThat(count(set, Counted.NEWTASK, TallyField.FAILED)).isEqualTo(failed);
    }
  }

  private static long count(ProgramSet set, Counted program, TallyField field) {
    return set.tally(program).getFirst().getOrDefault(field, -1L);
  }

  /**
   * What is made counts for the maker; this process itself must not stay where it may be killed.
   */
  private <T> T inMaker(Supplier<T> action) {
    goTo(maker);
    try {
      return action.get();
    } finally {
      comeHome();
    }
  }

  private static void goTo(Cgroup cgroup) {
    cgroup.add(Math.toIntExact(ProcessHandle.current().pid()));
  }

  private void limit() throws IOException {
    write(maker, "memory.max", Long.toString(read(maker, "memory.current") + ROOM));
  }

  /** Before 6.4 a program's entry counts and is made all the same, as if there were no limit. */
  private void needLimit() throws IOException {
    OlderKernel.needs(
        read(maker, "memory.current") <= read(maker, "memory.max"),
        "the kernel lets entries that programs make exceed the limit (Linux 6.4 does not)");
  }

  private static long read(Cgroup cgroup, String file) throws IOException {
    return Long.parseLong(Files.readString(cgroup.path().resolve(file)).strip());
  }

  private void unlimit() throws IOException {
    write(maker, "memory.max", "max");
  }

  private static void write(Cgroup cgroup, String file, String text) throws IOException {
    Files.write(
        cgroup.path().resolve(file),
        text.getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.WRITE);
  }

  private static Value value() {
    byte[] bytes = new byte[BYTES];
    Arrays.fill(bytes, (byte) 42);
    return Value.of(bytes);
  }
}
