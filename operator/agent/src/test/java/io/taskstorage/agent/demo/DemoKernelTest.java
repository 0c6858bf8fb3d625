package io.taskstorage.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The demo as a user starts it: in a process of its own, to its end or to a signal. */
@KernelTest(needs = {Need.BPFFS, Need.CGROUP2})
class DemoKernelTest {
  private static final String MAIN = "io.taskstorage.agent.command.TaskStorageCommand";
  private static final int NOBODY = 65534;

  private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

  /** A row of a table: tid and comm. */
  private static final Pattern SHOWN_TASK =
      Pattern.compile("^ +(\\d+) +\\d+ +(front|cart|cart-child|other) ", Pattern.MULTILINE);

  /** A folder that is no bpffs: the demo has to mount one of its own. */
  @TempDir Path noBpffs;

  @TempDir Path forEverybody;

  @Test
  void playsInTheKernelAndLeavesNothing() throws IOException {
    // When
    Child demo = demo(bpffs()).start();
    Outcome outcome = demo.awaitExit();

    // Then
    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.stdout())
        .startsWith("plane: InKernel\n")
        .contains("1. A map says what a task carries")
        .contains("agent> map tenant-ctx: publish")
        .contains("created 2")
        .contains("updated 1")
        .contains("Tasks that started with their values: 1. Without: 0.")
        .contains("foreign 1")
        .contains("7. The end")
        .contains("Nothing is left of it")
        .doesNotContainIgnoringCase("emulated")
        .doesNotContain("\u001b");
    assertNothingLeft(outcome.stdout(), demo.pid());
  }

  @Test
  void usesTheMountedBpffsInAFolderOfItsOwn(@BpffsMount Path bpffs) throws IOException {
    // When
    Child demo = demo("--bpffs=" + bpffs).start();
    Outcome outcome = demo.awaitExit();

    // Then
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.stdout())
        .containsPattern(bpffs + "/taskstorage-demo-" + demo.pid() + "-\\d+/taskstorage")
        .doesNotContain("mounted one of its own");
    try (Stream<Path> left = Files.list(bpffs)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("taskstorage"));
    }
    assertNothingLeft(outcome.stdout(), demo.pid());
  }

  @Test
  void ordinaryUserSeesTheSameStoryEmulatedAndWhy() throws IOException {
    // Given
    String classPath = classPathFor(forEverybody);

    // When
    Child demo =
        Command.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups")
            .arguments(java(), "-cp", classPath, NATIVE, MAIN, "demo", bpffs())
            .in(Path.of("/"))
            .start();
    Outcome outcome = demo.awaitExit();

    // Then
    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.stdout())
        .startsWith("plane: Emulated\n! Emulated, because the kernel refuses this user: ")
        .containsPattern("EPERM\\s+(! )?\\(operation not permitted\\)")
        .contains("! Cgroups are emulated too")
        .containsPattern("permission\\s+(! )?denied")
        .contains("created 2")
        .contains("foreign 1")
        .contains("7. The end");
    assertNothingLeft(outcome.stdout(), demo.pid());
  }

  @ParameterizedTest
  @EnumSource(names = {"INT", "TERM"})
  void signalInTheMiddleLeavesNothing(Signal signal) throws IOException {
    // Given
    try (Child demo = demo(bpffs(), "--pause=60m").start()) {
      demo.awaitLine("agent> map tenant-ctx: publish");

      // When
      demo.signal(signal);
      Outcome outcome = demo.awaitExit();

      // Then
      assertThat(outcome.stderr()).isEmpty();
      assertThat(outcome.stdout())
          .endsWith("\nStopped. Everything that the demo made is undone.\n\n")
          .doesNotContain("2. A policy");
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertNothingLeft(outcome.stdout(), demo.pid());
    }
  }

  @Test
  void signalWhileTasksHaveEntriesLeavesNothing() throws IOException {
    // Given
    try (Child demo = demo(bpffs(), "--pause=2s").start()) {
      demo.awaitLine("3\\. A second policy");

      // When
      demo.signal(Signal.TERM);
      Outcome outcome = demo.awaitExit();

      // Then
      assertThat(outcome.stderr()).isEmpty();
      assertThat(outcome.stdout()).containsPattern(SHOWN_TASK);
      assertNothingLeft(outcome.stdout(), demo.pid());
    }
  }

  @Test
  void readerThatGoesAwayIsNoFailure() {
    // Given
    List<String> words =
        List.of(
            java(), "-cp", System.getProperty("java.class.path"), NATIVE, MAIN, "demo", bpffs());

    // When
    Outcome outcome =
        Command.of("sh", "-c", "\"$@\" | head -n 1", "sh")
            .arguments(words.toArray(String[]::new))
            .run();

    // Then
    assertThat(outcome.stdout()).isEqualTo("plane: InKernel\n");
    assertThat(outcome.stderr()).isEmpty();
  }

  private static Command demo(String... options) {
    return ChildJvm.of(MAIN).arguments("demo").arguments(options).command();
  }

  private String bpffs() {
    return "--bpffs=" + noBpffs;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Neither mounts, files and cgroups with the demo's pid, nor a process that it showed. */
  private static void assertNothingLeft(String shown, int pid) throws IOException {
    String name = "taskstorage-demo-" + pid;
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(name);
    Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    Path cgroups = CgroupTree.mountPoint().orElseThrow();
    for (Path folder : List.of(temporary, cgroups)) {
      try (Stream<Path> left = Files.list(folder)) {
        assertThat(left.map(Path::toString)).noneMatch(path -> path.contains(name));
      }
    }
    SHOWN_TASK
        .matcher(shown)
        .results()
        .forEach(task -> assertThat(comm(task.group(1))).isNotEqualTo(task.group(2)));
  }

  private static String comm(String tid) {
    try {
      return Files.readString(Path.of("/proc", tid, "comm")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** The class path as links in a folder that everybody may read. */
  private static String classPathFor(Path folder) throws IOException {
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      if (entry.isEmpty()) {
        continue;
      }
      Path source = Path.of(entry);
      Path copy = folder.resolve(copies.size() + "-" + source.getFileName());
      Command.of("cp", "-rL", source.toString(), copy.toString()).run().stdoutIfDone();
      copies.add(copy.toString());
    }
    Command.of("chmod", "-R", "a+rX", folder.toString()).run().stdoutIfDone();
    return String.join(":", copies);
  }
}
