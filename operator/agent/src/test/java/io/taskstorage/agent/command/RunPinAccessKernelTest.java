package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom {@code run} lets in at the pins, from one run to the next and while it runs. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunPinAccessKernelTest {
  private static final String[] READERS = {"--pin-mode=0640", "--pin-group=4242"};

  @TempDir Path folder;

  private Runs runs;
  private Path pin;

  @BeforeEach
  void start(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    runs = new Runs(folder, bpffs, sandbox.root());
    runs.write("all.yaml", MAP);
    pin = runs.tree().publicFolder().resolve("tenant_ctx");
  }

  @Test
  void aRunSetsModeAndGroupAndTheNextOneTakesThemBack() throws IOException {
    // When
    once(READERS);
    int id = runs.mapId();
    String readers = access();
    once("--pin-mode=0660", "--pin-group=4343");
    String writers = access();
    once();
    // Then
    assertThat(readers).isEqualTo("640 4242");
    assertThat(writers).isEqualTo("660 4343");
    assertThat(access()).isEqualTo("600 0");
    assertThat(runs.mapId()).isEqualTo(id);
  }

  @Test
  void aModeThatSomebodyLoosensWhileItRunsIsReportedUntilItIsMended() throws IOException {
    // Given
    try (Child run = runs.start(READERS)) {
      run.awaitLine("^ready: ");
      // When
      Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-rw----"));
      // Then
      run.awaitLine(
          "ForeignPin: pin %s: its mode 0660 lets other users open it: find out who loosened it,"
                  .formatted(pin)
              + " then chmod 0640$");
      // When
      Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-r-----"));
      // Then
      await().untilAsserted(() -> assertThat(lastOfMap(run)).contains("Ready True"));
      end(run);
    }
  }

  @Test
  void aPinThatSomebodyGaveToAnotherGroupIsNotTrusted() throws IOException {
    // Given
    once(READERS);
    Files.setAttribute(pin, "unix:gid", 4343);
    // When
    Outcome outcome = command(READERS).run();
    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .contains(
            "ForeignPin: pin %s: its mode 0640 lets group 4343 open it: find out who gave it to them,"
                    .formatted(pin)
                + " then chgrp 4242");
  }

  @Test
  void aGroupThatTheRunIsNotInIsRefusedAndTheMapIsNotPublished() throws IOException {
    // When
    Outcome outcome = command(READERS).prefixed(agentIn("--clear-groups")).run();
    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .containsPattern(
            ("(?m)^TaskStorageMap tenant-ctx: Ready False {2}NodesFailed: KernelRefused:"
                    + " chgrp 4242 %s: this process is not in that group and has no CAP_CHOWN:"
                    + " make it one of its supplemental groups$")
                .formatted(pin));
    assertThat(pin).doesNotExist();
    // When
    command(READERS).prefixed(agentIn("--groups=4242")).run().stdoutIfDone();
    // Then
    assertThat(access()).isEqualTo("640 4242");
  }

  @Test
  void aModeThatSomebodyTightensWhileItRunsIsPutRight() throws IOException {
    // Given
    try (Child run = runs.start(READERS)) {
      run.awaitLine("^ready: ");
      // When
      Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
      // Then
      await().untilAsserted(() -> assertThat(access()).isEqualTo("640 4242"));
      end(run);
    }
  }

  private static String lastOfMap(Child run) {
    return run.stdout()
        .lines()
        .filter(line -> line.startsWith("TaskStorageMap tenant-ctx: "))
        .reduce("", (earlier, later) -> later);
  }

  private static void end(Child run) {
    run.signal(Signal.TERM);
    assertThat(run.awaitExit().exitCode()).isZero();
  }

  private void once(String... options) {
    command(options).run().stdoutIfDone();
  }

  private Command command(String... options) {
    return runs.command(
        Stream.concat(Stream.of("--once", "--keep"), Stream.of(options)).toArray(String[]::new));
  }

  /** As root with the agent's two capabilities, and these groups. */
  private static String[] agentIn(String groups) {
    return new String[] {"setpriv", groups, "--bounding-set=-all,+bpf,+perfmon", "--inh-caps=-all"};
  }

  private String access() throws IOException {
    Map<String, Object> stat = Files.readAttributes(pin, "unix:mode,gid");
    return "%o %s"
        .formatted((int) Objects.requireNonNull(stat.get("mode")) & 07777, stat.get("gid"));
  }
}
