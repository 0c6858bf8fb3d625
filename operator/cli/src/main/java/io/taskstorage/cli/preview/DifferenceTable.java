package io.taskstorage.cli.preview;

import io.taskstorage.cli.preview.Difference.Changed;
import io.taskstorage.cli.preview.Difference.FieldChange;
import io.taskstorage.cli.preview.Difference.Side;
import io.taskstorage.console.Table;
import io.taskstorage.console.Table.Column;
import io.taskstorage.console.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A difference as people read it: a row for each field that changes. */
public final class DifferenceTable {
  private DifferenceTable() {}

  /**
   * Prints it; nothing if nothing would change.
   *
   * @param wide with the bytes and with all nodes
   */
  public static void print(
      PrintWriter out, Terminal terminal, Difference difference, boolean wide) {
    if (difference.changed().isEmpty()) {
      return;
    }
    Table table =
        Table.of(
            Column.left("SUBJECT"),
            Column.left("NODE"),
            Column.left("MAP"),
            Column.left("FIELD"),
            Column.left("NOW"),
            Column.left("THEN"),
            Column.left("POLICY"));
    for (Changed changed : difference.changed()) {
      List<String> who = new ArrayList<>();
      who.add(changed.subject().text());
      who.add(PreviewTable.nodes(changed.nodes(), wide));
      String map = "";
      for (FieldChange field : changed.fields()) {
        List<String> cells = new ArrayList<>(who);
        cells.add(field.map().equals(map) ? "" : field.map());
        cells.add(field.field());
        cells.add(value(field.now(), wide));
        cells.add(value(field.then(), wide));
        cells.add(policies(field));
        table.row(cells);
        who.replaceAll(_ -> "");
        map = field.map();
      }
    }
    table.print(out, terminal);
  }

  private static String value(Optional<Side> side, boolean wide) {
    return side.map(
            each -> PreviewTable.shown(each.display()) + (wide ? " (" + each.hex() + ")" : ""))
        .orElse("-");
  }

  private static String policies(FieldChange field) {
    String now = policy(field.now());
    String then = policy(field.then());
    return now.equals(then) ? then : now + " -> " + then;
  }

  private static String policy(Optional<Side> side) {
    return side.flatMap(Side::winner).map(winner -> winner.policy().toString()).orElse("-");
  }
}
