package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TASK_HINTS;
import static io.taskstorage.taskstore.Samples.hint;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What consumers that are not root may do with a pin, and an agent that may not chown it. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class PinConsumerKernelTest {
  private static final int GROUP = 4242;
  private static final int OTHER_GROUP = 4343;
  private static final int USER = 65534;
  private static final String REFUSED = "Permission denied";

  private PinTree tree;
  private Path pin;
  private CgroupTree cgroups;
  private Task task;

  @BeforeEach
  void tree(@BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    tree = new PinTree(bpffs);
    pin = tree.publicPin(TASK_HINTS);
    cgroups = CgroupTree.open(sandbox.top().path());
    task = tasks.process();
  }

  @Test
  void aMemberOfTheGroupReadsWhereTheModeLetsItRead() {
    // When
    publish(0640);
    // Then
    assertThat(consumer(GROUP)).containsExactly("read: 7", "write: " + REFUSED);
    assertThat(consumer(OTHER_GROUP)).containsExactly("read: " + REFUSED, "write: " + REFUSED);
    assertThat(value()).isEqualTo(new EntryAccess.TaskResult.Done(hint(7)));
  }

  @Test
  void aMemberOfTheGroupWritesWhereTheModeLetsItWrite() {
    // When
    publish(0660);
    // Then
    assertThat(consumer(OTHER_GROUP)).containsExactly("read: " + REFUSED, "write: " + REFUSED);
    assertThat(consumer(GROUP)).containsExactly("read: 7", "write: 8");
    assertThat(value()).isEqualTo(new EntryAccess.TaskResult.Done(hint(8)));
  }

  @Test
  void nobodyButItsOwnerOpensAPinThatLetsNoGroupIn() {
    // Given
    publish(0660);
    // When
    publish(tree);
    // Then
    assertThat(consumer(GROUP)).containsExactly("read: " + REFUSED, "write: " + REFUSED);
    assertThat(consumer(0)).containsExactly("read: " + REFUSED, "write: " + REFUSED);
  }

  @Test
  void aReaderWhoMayPinSomewhereMakesAWriterOfItself() throws IOException {
    // Given
    publish(0640);
    Path own = Files.createDirectory(tree.root().resolve("own"));
    Files.setAttribute(own, "unix:uid", USER);
    // When, Then
    assertThat(consumer(GROUP, pin.resolveSibling("again")))
        .containsExactly("read: 7", "pin: " + REFUSED);
    assertThat(consumer(GROUP, own.resolve("again"))).containsExactly("read: 7", "write: 8");
    assertThat(value()).isEqualTo(new EntryAccess.TaskResult.Done(hint(8)));
    Files.delete(own.resolve("again"));
    Files.delete(own);
  }

  @Test
  void aFolderThatIsMountedForReadingLetsInWhomThePinLetsIn() {
    // Given
    publish(0660);
    String[] readOnly = {
      "unshare",
      "--mount",
      "sh",
      "-c",
      "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"",
      tree.publicFolder().toString()
    };
    // When, Then
    assertThat(linesOf(command(GROUP).prefixed(readOnly))).containsExactly("read: 7", "write: 8");
    assertThat(Command.of("rm", "-f", pin.toString()).prefixed(readOnly).run().stderr())
        .endsWith("Read-only file system\n");
    assertThat(mode()).isEqualTo("0660 4242");
  }

  @Test
  void anAgentGivesThePinToAGroupOfItsOwnWithoutAnotherCapability() {
    // When
    List<String> turn = turn("--groups=1,4242");
    // Then
    assertThat(turn).containsExactly("capabilities 8000000000", "published");
    assertThat(mode()).isEqualTo("0640 4242");
  }

  @Test
  void aPinThatMayNotBeGivenToTheGroupIsNotPublishedAndTheMessageSaysWhy() {
    // When
    List<String> turn = turn("--clear-groups");
    // Then
    assertThat(turn)
        .containsExactly(
            "capabilities 8000000000",
            ("KernelRefused: chgrp 4242 %s: this process is not in that group and has no"
                    + " CAP_CHOWN: make it one of its supplemental groups")
                .formatted(pin));
    assertThat(mode()).isEqualTo("nothing");
    assertThat(PinListing.of(tree.staging())).isEmpty();
  }

  @Test
  void whatIsPublicAlreadyStaysAsItWasWhereThePinMayNotBeGivenToTheGroup() {
    // Given
    publish(tree);
    // When
    List<String> turn = turn("--clear-groups");
    // Then
    assertThat(turn).hasSize(2).last().asString().startsWith("KernelRefused: chgrp 4242 ");
    assertThat(mode()).isEqualTo("0600 0");
    assertThat(RecordMemory.access(Records.find(tree, HINTS).orElseThrow().folder())).isEmpty();
    assertThat(turn("--groups=4242")).contains("published");
    assertThat(mode()).isEqualTo("0640 4242");
  }

  private void publish(int mode) {
    publish(tree.letting(new PinAccess(mode, OptionalInt.of(GROUP))));
  }

  private void publish(PinTree asked) {
    try (TaskStore store = TaskStores.rescan(asked, cgroups)) {
      store.install(HINT_MAP);
      store.publish(HINTS);
      store.access(HINTS).set(task.tid(), hint(7));
    }
  }

  private EntryAccess.TaskResult value() {
    return Records.get(Records.find(tree, HINTS).orElseThrow(), task.tid());
  }

  private String mode() {
    return PinFolders.stat(pin).map(stat -> stat.modeText() + " " + stat.gid()).orElse("nothing");
  }

  /** What a process sees that is not root, has CAP_BPF alone, and this supplemental group. */
  private List<String> consumer(int group, Path... other) {
    Command command = command(group);
    Stream.of(other).map(Path::toString).forEach(command::arguments);
    return linesOf(command);
  }

  private Command command(int group) {
    Path program = Gcc.compileFiles("consume", List.of(resource("consume.c")));
    return Command.of(program.toString(), pin.toString(), Integer.toString(task.pid()))
        .prefixed(
            "setpriv",
            "--reuid=" + USER,
            "--regid=65534",
            "--groups=" + group,
            "--inh-caps=-all,+bpf",
            "--ambient-caps=-all,+bpf",
            "--bounding-set=-all,+bpf");
  }

  private static List<String> linesOf(Command command) {
    return command.run().stdoutIfDone().lines().toList();
  }

  /** What a root without CAP_CHOWN says that publishes for the group. */
  private List<String> turn(String groups) {
    return linesOf(
        ChildJvm.of(PinAccessTurn.class.getName())
            .arguments(tree.root().toString(), cgroups.root().toString(), Integer.toString(GROUP))
            .command()
            .prefixed("setpriv", groups, "--bounding-set=-all,+bpf", "--inh-caps=-all"));
  }

  private static Path resource(String name) {
    try {
      URL url = PinConsumerKernelTest.class.getResource("/PinConsumerKernelTest/" + name);
      return Path.of(Objects.requireNonNull(url, name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(name, e);
    }
  }
}
