package io.taskstorage.agent.command;

import io.taskstorage.console.Json;
import io.taskstorage.console.Table;
import io.taskstorage.console.Table.Column;
import io.taskstorage.console.Terminal;
import io.taskstorage.layout.Decoder;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.RecordedMap;
import java.io.PrintWriter;
import java.util.Map;

/** One task's entry, field by field. */
record OneEntry(RecordedMap map, int tid, Value value) {

  void print(PrintWriter out, OutputFormat format) {
    switch (format) {
      case TABLE -> table().print(out, Terminal.ofStandardOutput());
      case JSON ->
          Json.print(
              out,
              new JsonEntry(
                  map.name().value(),
                  map.bpfName().value(),
                  tid,
                  Decoder.decode(map.layout(), value.toBytes())));
    }
    out.flush();
  }

  private Table table() {
    Table table =
        Table.of(
            Column.left("FIELD"),
            Column.left("TYPE"),
            Column.left("WRITTEN BY"),
            Column.left("VALUE"));
    Map<String, String> texts = Decoder.display(map.layout(), value.toBytes());
    for (PlacedField field : map.layout().fields()) {
      table.row(
          field.name(),
          type(field.field()),
          field.field().owner() == Owner.POLICY ? "policy" : "program",
          texts.getOrDefault(field.name(), ""));
    }
    return table;
  }

  private static String type(Field field) {
    String length = field.length().isPresent() ? "[" + field.length().getAsInt() + "]" : "";
    return field.type().wireName() + length;
  }

  private record JsonEntry(String map, String bpfName, int tid, Map<String, String> fields) {}
}
