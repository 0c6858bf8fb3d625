package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {

  @Test
  void outputsAndExitCodeAreKeptApart() {
    // When
    Outcome outcome = Command.of("sh", "-c", "echo out; echo err >&2; exit 3").run();

    // Then
    assertThat(outcome.stdout()).isEqualTo("out\n");
    assertThat(outcome.stderr()).isEqualTo("err\n");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThatThrownBy(outcome::stdoutIfDone)
        .isInstanceOf(AssertionError.class)
        .hasMessage("sh -c echo out; echo err >&2; exit 3: exit code 3\nout\nerr\n");
  }

  @Test
  void inputEnvironmentAndFolderArriveThere(@TempDir Path folder) {
    // When
    String out =
        Command.of("sh", "-c", "cat; echo \"$COLOUR ${HOME-none}\"; pwd")
            .environment("COLOUR", "never")
            .withoutEnvironment("HOME")
            .in(folder)
            .input("typed\n")
            .run()
            .stdoutIfDone();

    // Then
    assertThat(out).isEqualTo("typed\nnever none\n" + folder + "\n");
  }

  @Test
  void inputThatNobodyReadsDoesNoHarm() {
    assertThat(Command.of("true").input("x".repeat(1 << 20)).run().exitCode()).isZero();
  }

  @Test
  void lineIsWaitedForWhereverItComes() {
    try (Child child =
        Command.of("sh", "-c", "echo one; echo two 22 >&2; exec sleep 1000").start()) {
      assertThat(child.awaitLine("^o(.)e$").group(1)).isEqualTo("n");
      assertThat(child.awaitErrorLine("two (\\d+)").group(1)).isEqualTo("22");
      assertThat(child.isAlive()).isTrue();
    }
  }

  @Test
  void endWithoutTheLineFailsWithAllThatWasSaid() {
    try (Child child = Command.of("sh", "-c", "echo other; echo why >&2").start()) {
      assertThatThrownBy(() -> child.awaitLine("ready"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ended without the line: /ready/")
          .hasMessageContaining("--- standard output\nother\n");
    }
  }

  @Test
  void signalsArrive() {
    // Given
    String script =
        "trap 'echo INT' INT; trap 'echo TERM; exit 4' TERM; echo up; while :; do sleep 0.01; done";
    try (Child child = Command.of("sh", "-c", script).start()) {
      child.awaitLine("up");

      // When
      child.signal(Child.Signal.INT);
      child.awaitLine("INT");
      child.signal(Child.Signal.TERM);

      // Then
      assertThat(child.awaitExit().exitCode()).isEqualTo(4);
    }
  }

  @Test
  void killedChildHasTheSignalInItsExitCode() {
    try (Child child = Command.of("sleep", "1000").start()) {
      child.signal(Child.Signal.KILL);
      assertThat(child.awaitExit().exitCode()).isEqualTo(128 + 9);
    }
  }

  @Test
  void childThatDoesNotEndIsKilledAndFails() {
    Child child = Command.of("sleep", "1000").start();
    assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(50)))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("sleep 1000: still runs after PT0.05S");
    assertThat(child.awaitExit().exitCode()).isEqualTo(128 + 9);
  }

  @Test
  void programThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Command.of("/no/such/program").run())
        .isInstanceOf(CommandMissing.class)
        .hasMessageStartingWith("run /no/such/program: ");
  }

  @Test
  void mainClassRunsInAJvmOfItsOwn() {
    // When
    Outcome outcome =
        ChildJvm.of(Echo.class.getName())
            .options("-Dgreeting=hello")
            .arguments("a b", "c")
            .command()
            .environment("NO_COLOR", "1")
            .input("line\n")
            .run();

    // Then
    assertThat(outcome.stdout()).isEqualTo("25 hello [a b, c] 1 line\n");
    assertThat(outcome.exitCode()).isEqualTo(7);
  }

  @Test
  void jvmEndsInOrderOnSigterm() {
    try (Child child = ChildJvm.of(Echo.class.getName()).arguments("wait").start()) {
      child.awaitLine("waiting");
      child.signal(Child.Signal.TERM);
      Outcome outcome = child.awaitExit();
      assertThat(outcome.stdout()).endsWith("ended in order\n");
      assertThat(outcome.exitCode()).isEqualTo(128 + 15);
    }
  }
}
