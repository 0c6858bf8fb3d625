package io.taskstorage.cli.explain;

import io.taskstorage.cli.explain.NodeReport.MapThere;
import io.taskstorage.cli.explain.NodeReport.PolicyThere;
import io.taskstorage.console.Table;
import io.taskstorage.console.Table.Column;
import io.taskstorage.console.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A node's report as people read it: a row for each policy. */
public final class NodeReportTable {
  private NodeReportTable() {}

  /** Prints it, and under it what is wrong with maps there. */
  public static void print(PrintWriter out, Terminal terminal, NodeReport report) {
    Table table =
        Table.of(
            Column.left("NODE"),
            Column.left("MAP"),
            Column.left("STATE"),
            Column.left("POLICY"),
            Column.right("GENERATION"),
            Column.right("ACTED ON"));
    String node = report.node();
    for (MapThere map : report.maps()) {
      String name = map.map();
      String state = map.state() == null ? "not reported" : map.state();
      for (PolicyThere policy : map.policies()) {
        String acted = policy.actedOn() == null ? "-" : policy.actedOn().toString();
        table.row(node, name, state, policy.key(), Long.toString(policy.generation()), acted);
        node = "";
        name = "";
        state = "";
      }
    }
    table.print(out, terminal);
    for (MapThere map : report.maps()) {
      if (map.reason() != null) {
        out.println();
        out.println(
            terminal.bad(
                Table.printable("%s on %s: %s".formatted(map.map(), report.node(), map.reason()))));
        if (map.meaning() != null) {
          out.println("  why:  " + map.meaning());
          out.println("  mend: " + map.mend());
        }
      }
    }
  }

  /** What the node has not done yet, a line for each. */
  public static List<String> notes(NodeReport report) {
    List<String> notes = new ArrayList<>();
    if (report.agent() == null) {
      notes.add("node %s has reported nothing yet".formatted(report.node()));
      return notes;
    }
    for (MapThere map : report.maps()) {
      map.policies().stream()
          .filter(PolicyThere::isBehind)
          .forEach(
              policy ->
                  notes.add(
                      "node %s has not acted on generation %d of policy %s yet"
                          .formatted(report.node(), policy.generation(), policy.key())));
    }
    return notes;
  }
}
