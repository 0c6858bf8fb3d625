package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.AgentConfig;
import io.taskstorage.agent.command.RunCommand.Format;
import io.taskstorage.agent.report.Line;
import io.taskstorage.agent.report.Report;
import io.taskstorage.agent.report.Standing;
import io.taskstorage.console.Terminal;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A line per change everywhere; the summary that is redrawn on terminals only. */
class RunOutputTest {
  private static final String CLEAR = "\r\u001b[K";
  private static final String NOTHING = "0 maps, 0 policies, 0 cgroups, 0 entries";
  private static final Report UNREADABLE =
      new Report(List.of(new Line.Unreadable("open x: gone: mend it")), Standing.START);
  private static final Report QUIET = new Report(List.of(), Standing.START);

  private final StringWriter written = new StringWriter();

  @Test
  void inAPipeThereIsALinePerChangeAndNoSummary() {
    // When
    tellAll(output(Terminal.PLAIN, Format.TEXT));

    // Then
    assertThat(written)
        .hasToString(
            """
            plane: Rescan  interval 1s  manifests /m  cgroups /c  pins /b/taskstorage  node node-1
            open x: gone: mend it
            ready: %1$s
            left y
            ended, in force until now: %1$s
            """
                .formatted(NOTHING));
  }

  @Test
  void onATerminalTheSummaryStandsBelowTheLines() {
    // When
    tellAll(output(new Terminal(true, false), Format.TEXT));

    // Then
    String summary = "Rescan  " + NOTHING;
    assertThat(written)
        .hasToString(
            "plane: Rescan  interval 1s  manifests /m  cgroups /c  pins /b/taskstorage  node node-1"
                + "\n"
                + CLEAR
                + "open x: gone: mend it\nready: "
                + NOTHING
                + "\n"
                + summary
                + CLEAR
                + summary
                + CLEAR
                + "left y\n"
                + CLEAR
                + "ended, in force until now: "
                + NOTHING
                + "\n");
  }

  @Test
  void coloursAreOnlyAround() {
    // Given
    RunOutput output = output(new Terminal(false, true), Format.TEXT);

    // When
    output.report(UNREADABLE);

    // Then
    assertThat(written)
        .hasToString(
            "\u001b[31mopen x: gone: mend it\u001b[0m\n\u001b[1mready\u001b[0m: " + NOTHING + "\n");
  }

  @Test
  void whatTheKernelNamesCannotSteerTheTerminal() {
    // Given
    RunOutput output = output(new Terminal(true, true), Format.TEXT);

    // When
    output.report(
        new Report(List.of(new Line.Unreadable("read a\u001b[2Jb\nc: no")), Standing.START));

    // Then
    assertThat(written.toString()).doesNotContain("\u001b[2J").doesNotContain("b\nc");
  }

  @Test
  void valuesThatStayAreSaidAtTheEnd() {
    // When
    output(Terminal.PLAIN, Format.TEXT).ended(true);

    // Then
    assertThat(written)
        .hasToString(
            "ended, values stay in force (taskstorage clean removes them): " + NOTHING + "\n");
  }

  @Test
  void jsonIsOneObjectPerLineAlsoOnATerminal() {
    // When
    tellAll(output(new Terminal(true, true), Format.JSON));

    // Then
    String totals =
        "\"maps\":0,\"policies\":0,\"cgroups\":0,\"entries\":0,\"written\":0,\"late\":0,"
            + "\"foreign\":0,\"deleted\":0,\"failed\":0}";
    assertThat(written.toString().lines())
        .containsExactly(
            "{\"event\":\"Started\",\"plane\":\"Rescan\",\"interval\":\"1s\",\"manifests\":\"/m\","
                + "\"cgroupRoot\":\"/c\",\"pins\":\"/b/taskstorage\",\"node\":\"node-1\",\"pid\":"
                + ProcessHandle.current().pid()
                + "}",
            "{\"event\":\"Unreadable\",\"message\":\"open x: gone: mend it\"}",
            "{\"event\":\"Ready\"," + totals,
            "{\"event\":\"Notice\",\"message\":\"left y\"}",
            "{\"event\":\"Ended\"," + totals);
  }

  private static void tellAll(RunOutput output) {
    output.started(
        Plane.RESCAN,
        new AgentConfig(Path.of("/m"), Duration.ofSeconds(1), new NodeFacts("node-1", Map.of())),
        Path.of("/c"),
        Optional.of(new PinTree(Path.of("/b"))));
    output.report(UNREADABLE);
    output.report(QUIET);
    output.note("left y");
    output.ended(false);
  }

  private RunOutput output(Terminal terminal, Format format) {
    return new RunOutput(new PrintWriter(written), terminal, format);
  }
}
