package io.taskstorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is asked of a node, by a way that is given: here a shell that says what it was told. */
class NodeCommandsTest {
  private static final String SAY = "--via=printf \"[%s]\" \"$NODE\"";

  @Test
  void entriesAsksTheNodeByName() {
    assertThat(CliRun.of("entries", "tenant-ctx", "--node", "host-1", SAY))
        .isEqualTo(new CliRun(0, "[host-1][entries][tenant-ctx][-o][table]", ""));
    assertThat(CliRun.of("entries", "tenant-ctx", "--node=host-1", "-o", "json", SAY))
        .isEqualTo(new CliRun(0, "[host-1][entries][tenant-ctx][-o][json]", ""));
  }

  @Test
  void topAsksForTheField() {
    assertThat(CliRun.of("top", "tenant-ctx", "--by", "qos", "--node", "host-1", SAY))
        .isEqualTo(new CliRun(0, "[host-1][top][tenant-ctx][--by][qos][-o][table]", ""));
  }

  @Test
  void doctorAsksTheNodeForItself() {
    assertThat(CliRun.of("doctor", "--node", "host-1", SAY))
        .isEqualTo(new CliRun(0, "[host-1][doctor][-o][table]", ""));
  }

  @Test
  void whatIsAskedForIsNoPartOfTheShellsText() {
    assertThat(CliRun.of("entries", "a; exit 9 # $(exit 8)", "--node", "$(exit 7)", SAY))
        .isEqualTo(new CliRun(0, "[$(exit 7)][entries][a; exit 9 # $(exit 8)][-o][table]", ""));
  }

  @Test
  void outputAndExitCodeOfTheNodeAreOurs() {
    // When
    CliRun run =
        CliRun.of(
            "entries",
            "tenant-ctx",
            "--node=host-1",
            "--via=sh -c 'echo rows; echo why >&2; exit 5'");

    // Then
    assertThat(run).isEqualTo(new CliRun(5, "rows\n", "why\n"));
  }

  @Test
  void aNodeMustBeNamed() {
    // When
    CliRun run = CliRun.of("entries", "tenant-ctx");

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("taskstorage entries: missing required option: '--node=NAME': see '");
  }

  @Test
  void aClusterAndANodeAreTwoThings() {
    // When
    CliRun run = CliRun.of("doctor", "--cluster", "--node=host-1", SAY);

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--cluster").contains("--node").contains("mutually exclusive");
  }
}
