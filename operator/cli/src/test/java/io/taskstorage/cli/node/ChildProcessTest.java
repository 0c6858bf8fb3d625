package io.taskstorage.cli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.taskstorage.console.CommandFailure;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
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

  /** As in a pager: more is printed than its pipe takes, and somebody reads slowly. */
  @Test
  void oneWhoseReaderTakesHisTimeIsNotSilent() {
    // Given
    Writer slow =
        new FilterWriter(out) {
          private boolean isRead;

          @Override
          public void write(char[] buffer, int offset, int length) throws IOException {
            if (!isRead) {
              isRead = true;
              LockSupport.parkNanos(Duration.ofSeconds(8).toNanos());
            }
            super.write(buffer, offset, length);
          }
        };
    // When
    int code =
        ChildProcess.run(
            List.of("seq", "100000"),
            Map.of(),
            new PrintWriter(slow),
            new PrintWriter(err),
            Duration.ofSeconds(5));
    // Then
    assertThat(code).isZero();
    assertThat(out.toString().lines()).hasSize(100_000);
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
