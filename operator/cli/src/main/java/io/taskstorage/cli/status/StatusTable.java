package io.taskstorage.cli.status;

import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.MapNodeCounts;
import io.taskstorage.cli.status.StatusReport.Deviation;
import io.taskstorage.cli.status.StatusReport.MapLine;
import io.taskstorage.console.Table;
import io.taskstorage.console.Table.Column;
import io.taskstorage.console.Terminal;
import io.taskstorage.console.Wrapping;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A report as people read it: a row for each map, then what is not in line. */
public final class StatusTable {
  private static final int WIDTH = 96;
  private static final int MAX_NODES = 10;
  private static final int LABEL = 6;
  private static final String INDENT = "  ";

  private final PrintWriter out;
  private final Terminal terminal;
  private final boolean wide;

  private StatusTable(PrintWriter out, Terminal terminal, boolean wide) {
    this.out = out;
    this.terminal = terminal;
    this.wide = wide;
  }

  /**
   * Prints it.
   *
   * @param wide with the names of all nodes
   */
  public static void print(PrintWriter out, Terminal terminal, StatusReport report, boolean wide) {
    StatusTable table = new StatusTable(out, terminal, wide);
    if (!report.maps().isEmpty()) {
      table.maps(report.maps()).print(out, terminal);
    }
    for (Deviation deviation : report.notInLine()) {
      out.println();
      table.deviation(deviation);
    }
  }

  private Table maps(List<MapLine> maps) {
    Table table =
        Table.of(
            Column.left("MAP"),
            Column.left("READY"),
            Column.left("NODES"),
            Column.left("POLICIES"),
            Column.right("PODS"),
            Column.right("TASKS"),
            Column.right("LATE"),
            Column.right("FAILED"));
    for (MapLine map : maps) {
      EntryCounts entries = map.entries();
      table.row(
          map.name(),
          map.ready() ? "yes" : "no",
          nodes(map.nodes()),
          map.policies().ready() + " of " + map.policies().all(),
          number(entries == null ? null : entries.pods()),
          number(entries == null ? null : entries.tasks()),
          number(entries == null ? null : entries.late()),
          number(entries == null ? null : entries.failed()));
    }
    return table;
  }

  private static String nodes(@Nullable MapNodeCounts nodes) {
    return nodes == null ? "-" : number(nodes.programmed()) + " of " + number(nodes.desired());
  }

  private static String number(@Nullable Number number) {
    return number == null ? "-" : number.toString();
  }

  private void deviation(Deviation deviation) {
    String title = Table.printable(deviation.subject() + ": " + deviation.reason());
    out.println(deviation.isStalled() ? terminal.bad(title) : terminal.warn(title));
    line("why", deviation.meaning());
    if (deviation.message() != null) {
      line("said", deviation.message());
    }
    if (!deviation.nodes().isEmpty()) {
      line("on", nodes(deviation.nodes()));
    }
    if (deviation.tasks() != null) {
      line("tasks", deviation.tasks().toString());
    }
    if (deviation.pods() != null) {
      String example = deviation.examplePod();
      line("pods", deviation.pods() + (example == null ? "" : ", such as " + example));
    }
    line("mend", deviation.mend());
  }

  private void line(String label, String text) {
    String first = INDENT + label + ":" + " ".repeat(LABEL - label.length());
    List<String> lines = Wrapping.lines(Table.printable(text), WIDTH - first.length());
    out.println(first + lines.getFirst());
    lines.stream().skip(1).forEach(each -> out.println(" ".repeat(first.length()) + each));
  }

  private String nodes(List<String> nodes) {
    if (wide || nodes.size() <= MAX_NODES) {
      return String.join(", ", nodes);
    }
    return "%s and %d more (all by -o wide)"
        .formatted(String.join(", ", nodes.subList(0, MAX_NODES)), nodes.size() - MAX_NODES);
  }
}
