package io.taskstorage.agent.print;

import io.taskstorage.console.Table;
import io.taskstorage.console.Table.Column;
import io.taskstorage.layout.Decoder;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.taskstore.Entry;
import java.util.ArrayList;
import java.util.List;

/** Entries as people read them: one row per task, one column per field. */
public final class EntryTable {
  private EntryTable() {}

  /**
   * The table.
   *
   * @param layout what the values are
   * @param entries in the order in which they shall stand
   */
  public static Table of(StructLayout layout, List<Entry> entries) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.right("TID"));
    columns.add(Column.right("TGID"));
    columns.add(Column.left("COMM"));
    columns.add(Column.left("CGROUP"));
    for (PlacedField field : layout.fields()) {
      boolean isNumber = field.field().type().isInteger() && field.field().length().isEmpty();
      columns.add(new Column(field.name(), isNumber));
    }
    Table table = Table.of(columns);
    for (Entry entry : entries) {
      List<String> cells = new ArrayList<>(columns.size());
      cells.add(Integer.toString(entry.tid()));
      cells.add(Integer.toString(entry.tgid()));
      cells.add(entry.comm());
      cells.add(entry.cgroupPath().isEmpty() ? "-" : entry.cgroupPath());
      cells.addAll(Decoder.display(layout, entry.value().toBytes()).values());
      table.row(cells);
    }
    return table;
  }
}
