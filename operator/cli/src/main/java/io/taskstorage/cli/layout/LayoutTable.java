package io.taskstorage.cli.layout;

import io.taskstorage.cli.layout.LayoutDocument.FieldLayout;
import io.taskstorage.cli.layout.LayoutDocument.MapLayout;
import io.taskstorage.console.Table;
import io.taskstorage.console.Table.Column;
import io.taskstorage.console.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Layouts as people read them: a table for each map. */
public final class LayoutTable {
  private LayoutTable() {}

  /**
   * Prints them.
   *
   * @param wide with the member as C declares it
   */
  public static void print(
      PrintWriter out, Terminal terminal, LayoutDocument document, boolean wide) {
    boolean isFirst = true;
    for (MapLayout map : document.maps()) {
      if (!isFirst) {
        out.println();
      }
      isFirst = false;
      out.println(
          terminal.accent(map.map()) + ": struct " + map.struct() + ", pinned as " + map.bpfName());
      table(map, wide).print(out, terminal);
      out.println(
          "%d bytes, %d of them padding; aligned to %d; %s"
              .formatted(map.sizeBytes(), map.paddingBytes(), map.alignmentBytes(), map.digest()));
    }
  }

  private static Table table(MapLayout map, boolean wide) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.left("FIELD"));
    columns.add(Column.left("TYPE"));
    columns.add(Column.right("OFFSET"));
    columns.add(Column.right("SIZE"));
    columns.add(Column.right("PADDING"));
    columns.add(Column.left("OWNER"));
    if (wide) {
      columns.add(Column.left("C"));
    }
    Table table = Table.of(columns);
    for (FieldLayout field : map.fields()) {
      List<String> cells = new ArrayList<>();
      cells.add(field.name());
      cells.add(field.typeText());
      cells.add(Integer.toString(field.offsetBytes()));
      cells.add(Integer.toString(field.sizeBytes()));
      cells.add(Integer.toString(field.paddingBytes()));
      cells.add(field.owner());
      if (wide) {
        cells.add(field.c());
      }
      table.row(cells);
    }
    return table;
  }
}
