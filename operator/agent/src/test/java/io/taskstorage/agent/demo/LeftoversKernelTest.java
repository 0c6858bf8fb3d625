package io.taskstorage.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Demos that were killed, in temporary folders and cgroups that no other demo looks at. */
@KernelTest(needs = {Need.BPFFS, Need.CGROUP2})
class LeftoversKernelTest {
  private static final String MAIN = "io.taskstorage.agent.command.TaskStorageCommand";

  @TempDir Path temporary;

  /** No bpffs: a demo mounts one of its own. */
  @TempDir Path noBpffs;

  private Cgroup cgroups;

  @BeforeEach
  void ownCgroups(CgroupSandbox sandbox) {
    cgroups = sandbox.top();
  }

  @Test
  void theNextDemoRemovesWhatAKilledOneLeft() throws IOException {
    // Given
    int killed = killedDemo(noBpffs);
    assertThat(names(temporary)).anyMatch(name -> name.startsWith("taskstorage-demo-" + killed));
    assertThat(names(cgroups.path()))
        .anyMatch(name -> name.startsWith("taskstorage-demo-" + killed));
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).contains(temporary.toString());

    // When
    Outcome next = command("demo", noBpffs).run();

    // Then
    assertThat(next.stderr()).isEmpty();
    assertThat(next.exitCode()).isZero();
    assertThat(next.stdout())
        .startsWith(
            "plane: InKernel\n  A demo that was killed (process %d) had left things behind: they are"
                    .formatted(killed)
                + "\n  removed.\n");
    assertNothingLeft();
  }

  @Test
  void cleanRemovesThePinsOfAKilledDemoInTheUsualBpffs(@BpffsMount Path bpffs) throws IOException {
    // Given
    int killed = killedDemo(bpffs);
    assertThat(names(bpffs)).anyMatch(name -> name.startsWith("taskstorage-demo-" + killed));

    // When
    Outcome clean = command("clean", bpffs).run();

    // Then
    assertThat(clean.stderr()).isEmpty();
    assertThat(clean.stdout())
        .isEqualTo(
            """
            A demo that was killed (process %d) had left things behind: they are removed.
            nothing of taskstorage below %s
            """
                .formatted(killed, bpffs));
    assertThat(names(bpffs)).noneMatch(name -> name.startsWith("taskstorage"));
    assertNothingLeft();
  }

  @Test
  void aDemoThatPlaysIsNotDisturbed() throws IOException {
    // Given
    try (Child demo = demo(noBpffs)) {

      // When
      Outcome clean = command("clean", noBpffs).run();

      // Then
      assertThat(clean.stdout()).isEmpty();
      assertThat(names(temporary)).anyMatch(name -> name.contains("-" + demo.pid() + "-"));
      demo.signal(Signal.TERM);
      assertThat(demo.awaitExit().stderr()).isEmpty();
    }
    assertNothingLeft();
  }

  @Test
  void whatIsStillInUseStaysAndIsTold() throws IOException {
    // Given
    Path cgroup = cgroups.create("taskstorage-demo-4000000000-1").path();
    Path used = Files.createDirectory(temporary.resolve("taskstorage-demo-4000000000-1"));
    Process inside = new ProcessBuilder("/bin/sh", "-c", "read -r never").start();
    Files.writeString(cgroup.resolve("cgroup.procs"), String.valueOf(inside.pid()));

    // When
    Outcome clean = command("clean", noBpffs).run();

    // Then
    assertThat(clean.stdout())
        .startsWith("A demo that was killed (process 4000000000) left things that stay: ")
        .contains(cgroup.toString())
        .contains(": remove them by hand.\n");
    assertThat(used).exists();
    inside.getOutputStream().close();
    inside.onExit().join();
  }

  private int killedDemo(Path bpffs) {
    try (Child demo = demo(bpffs)) {
      demo.signal(Signal.KILL);
      demo.awaitExit();
      return demo.pid();
    }
  }

  /** A demo that plays, and whose map is in force. */
  private Child demo(Path bpffs) {
    Child demo = command("demo", bpffs, "--pause=2s").start();
    demo.awaitLine("3\\. A second policy");
    return demo;
  }

  private Command command(String name, Path bpffs, String... more) {
    return ChildJvm.of(MAIN)
        .options("-Djava.io.tmpdir=" + temporary)
        .arguments(name, "--bpffs=" + bpffs, "--cgroup-root=" + cgroups.path())
        .arguments(more)
        .command();
  }

  private void assertNothingLeft() throws IOException {
    assertThat(names(temporary)).isEmpty();
    assertThat(cgroups.children()).isEmpty();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain(temporary.toString());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> String.valueOf(path.getFileName())).toList();
    }
  }
}
