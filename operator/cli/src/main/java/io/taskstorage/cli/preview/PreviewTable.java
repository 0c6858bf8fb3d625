package io.taskstorage.cli.preview;

import io.taskstorage.cli.preview.Preview.Carrier;
import io.taskstorage.console.Table;
import io.taskstorage.console.Table.Column;
import io.taskstorage.console.Terminal;
import io.taskstorage.layout.Literal;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.ResolvedValue;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A preview as people read it: a row for each field, what stays the same said once. */
public final class PreviewTable {
  private final Preview preview;
  private final boolean wide;

  private PreviewTable(Preview preview, boolean wide) {
    this.preview = preview;
    this.wide = wide;
  }

  /**
   * Prints it; nothing if nobody carries anything.
   *
   * @param wide with the bytes, with fields that nobody sets, and with all nodes
   */
  public static void print(PrintWriter out, Terminal terminal, Preview preview, boolean wide) {
    if (!preview.carriers().isEmpty()) {
      new PreviewTable(preview, wide).table().print(out, terminal);
    }
  }

  private Table table() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.left("SUBJECT"));
    columns.add(Column.left("NODE"));
    columns.add(Column.left("MAP"));
    columns.add(Column.left("FIELD"));
    columns.add(Column.left("VALUE"));
    if (wide) {
      columns.add(Column.left("BYTES"));
    }
    columns.add(Column.left("POLICY"));
    columns.add(Column.left("WHY"));
    Table table = Table.of(columns);
    for (Carrier carrier : preview.grouped()) {
      List<String> who = new ArrayList<>();
      who.add(carrier.subject().text());
      who.add(nodes(carrier.nodes(), wide));
      for (Map.Entry<String, ResolvedValue> value : carrier.values().entrySet()) {
        add(table, who, value.getKey(), value.getValue());
      }
    }
    return table;
  }

  private void add(Table table, List<String> who, String mapName, ResolvedValue value) {
    AcceptedMap map = preview.maps().get(mapName);
    if (map == null) {
      throw new IllegalStateException("print preview: no map " + mapName);
    }
    String shownMap = mapName;
    for (Explanation explanation : value.explanations()) {
      if (explanation.winner().isEmpty() && !wide) {
        continue;
      }
      PlacedField placed = map.layout().field(explanation.field()).orElseThrow();
      byte[] bytes = value.value().fieldBytes(placed);
      List<String> cells = new ArrayList<>(who);
      cells.add(shownMap);
      cells.add(explanation.field());
      cells.add(shown(Literal.display(placed.field(), bytes)));
      if (wide) {
        cells.add(HexFormat.of().formatHex(bytes));
      }
      cells.add(policy(explanation));
      cells.add(why(explanation));
      table.row(cells);
      who.replaceAll(_ -> "");
      shownMap = "";
    }
  }

  private String policy(Explanation explanation) {
    return explanation
        .winner()
        .map(winner -> wide ? winner.toString() : winner.policy().toString())
        .orElse("-");
  }

  private static String why(Explanation explanation) {
    if (explanation.winner().isEmpty()) {
      return "no policy sets it";
    }
    List<String> parts = new ArrayList<>();
    explanation.zeroBecause().ifPresent(why -> parts.add("zero: " + why));
    if (!explanation.losers().isEmpty()) {
      parts.add(
          explanation.losers().stream()
              .map(loser -> loser.candidate().policy() + " (" + rule(loser.lostBy()) + ")")
              .collect(Collectors.joining(", ", "before ", "")));
    }
    return String.join("; ", parts);
  }

  static String rule(Explanation.Rule rule) {
    return switch (rule) {
      case TIER -> "tier";
      case PRIORITY -> "priority";
      case NAME -> "name";
    };
  }

  /** An empty text is a value too. */
  static String shown(String display) {
    return display.isEmpty() ? "\"\"" : display;
  }

  static String nodes(List<String> nodes, boolean all) {
    if (nodes.isEmpty()) {
      return "-";
    }
    return all ? String.join(", ", nodes) : Notes.shortened(nodes);
  }
}
