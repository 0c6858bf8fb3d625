package io.taskstorage.cli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.taskstorage.console.CommandFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The way to a node: what comes back by it, and one that falls silent. */
class ChildProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void outputErrorsAndExitCodeComeBack() {
    // When
    int code = run("echo \"of $NODE\"; echo no >&2; exit 3", PATIENCE);
    // Then
    assertThat(code).isEqualTo(3);
    assertThat(out).hasToString("of node-1\n");
    assertThat(err).hasToString("no\n");
  }

  @Test
  void oneThatFallsSilentIsEndedWithAllItHasBegun() {
    // When, Then
    assertThatThrownBy(() -> run("echo begun; sleep 1000 & sleep 1000", Duration.ofSeconds(2)))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "run sh: said nothing for 2 s: see whether the node can be reached, then try again");
    assertThat(out).hasToString("begun\n");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ProcessHandle.current().descendants()).isEmpty());
  }

  private int run(String script, Duration silence) {
    return ChildProcess.run(
        List.of("sh", "-c", script),
        Map.of("NODE", "node-1"),
        new PrintWriter(out),
        new PrintWriter(err),
        silence);
  }
}
