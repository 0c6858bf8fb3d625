package io.taskstorage.agent.command;

import io.taskstorage.agent.AgentConfig;
import io.taskstorage.agent.command.RunCommand.Format;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.report.Line;
import io.taskstorage.agent.report.LineJson;
import io.taskstorage.agent.report.LineText;
import io.taskstorage.agent.report.Report;
import io.taskstorage.agent.report.Totals;
import io.taskstorage.console.Json;
import io.taskstorage.console.Table;
import io.taskstorage.console.Terminal;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What {@code run} prints: a line per change; on a terminal a summary that is redrawn below. */
final class RunOutput {
  private final PrintWriter out;
  private final Terminal terminal;
  private final Format format;
  private boolean isReady;
  private Totals totals = Totals.NONE;
  private String plane = "";

  RunOutput(PrintWriter out, Terminal terminal, Format format) {
    this.out = out;
    this.terminal = terminal;
    this.format = format;
  }

  /** The first line names the plane. */
  void started(Plane chosen, AgentConfig config, Path cgroupRoot, Optional<PinTree> pins) {
    plane = chosen.display();
    String interval = DurationText.of(config.interval());
    switch (format) {
      case TEXT ->
          line(
              "plane: %s  interval %s  manifests %s  cgroups %s  pins %s  node %s"
                  .formatted(
                      terminal.bold(plane),
                      interval,
                      config.folder(),
                      cgroupRoot,
                      pins.map(tree -> tree.publicFolder().toString()).orElse("none"),
                      config.node().name()));
      case JSON -> {
        Map<String, Object> json = event("Started");
        json.put("plane", plane);
        json.put("interval", interval);
        json.put("manifests", config.folder().toString());
        json.put("cgroupRoot", cgroupRoot.toString());
        pins.ifPresent(tree -> json.put("pins", tree.publicFolder().toString()));
        json.put("node", config.node().name());
        json.put("pid", ProcessHandle.current().pid());
        Json.printLine(out, json);
      }
    }
    out.flush();
  }

  /** A turn's changes. */
  void report(Report report) {
    clearSummary();
    for (Line line : report.lines()) {
      switch (format) {
        case TEXT -> line(coloured(line, Table.printable(LineText.of(line))));
        case JSON -> Json.printLine(out, LineJson.of(line));
      }
    }
    totals = report.standing().totals();
    if (!isReady) {
      isReady = true;
      told("ready", "Ready");
    }
    if (format == Format.TEXT && terminal.interactive()) {
      out.print(terminal.dim(plane + "  " + totals.text()));
    }
    out.flush();
  }

  /** Something to know at the end. */
  void note(String message) {
    clearSummary();
    switch (format) {
      case TEXT -> line(message);
      case JSON -> {
        Map<String, Object> json = event("Notice");
        json.put("message", message);
        Json.printLine(out, json);
      }
    }
  }

  /** The last line. */
  void ended(boolean kept) {
    clearSummary();
    told(
        kept
            ? "ended, values stay in force (taskstorage clean removes them)"
            : "ended, in force until now",
        "Ended");
    out.flush();
  }

  private void told(String word, String event) {
    switch (format) {
      case TEXT -> line(terminal.bold(word) + ": " + totals.text());
      case JSON -> {
        Map<String, Object> json = event(event);
        json.putAll(LineJson.of(totals));
        Json.printLine(out, json);
      }
    }
  }

  /** What is printed next goes where the summary stands. */
  private void clearSummary() {
    if (format == Format.TEXT) {
      out.print(terminal.clearLine());
    }
  }

  private void line(String text) {
    out.println(text);
  }

  private String coloured(Line line, String text) {
    return switch (line) {
      case Line.ProblemFound _, Line.Unreadable _, Line.TasksFailed _ -> terminal.bad(text);
      case Line.Stepped(Outcome.Failed _), Line.Stepped(Outcome.Skipped _) -> terminal.bad(text);
      case Line.ProblemMended _, Line.ReadableAgain _, Line.TasksMended _ -> terminal.good(text);
      case Line.StatusChanged(var status) ->
          "True".equals(status.ready().status()) ? terminal.good(text) : terminal.warn(text);
      case Line.Noticed _, Line.Warned _, Line.ObjectGone _ -> terminal.warn(text);
      case Line.Stepped _, Line.Swept _ -> text;
    };
  }

  private static Map<String, Object> event(String event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("event", event);
    return json;
  }
}
