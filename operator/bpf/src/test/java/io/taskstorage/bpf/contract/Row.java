package io.taskstorage.bpf.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * One row of a table: a case and what the kernel answers to it.
 *
 * <p>A table is a text file of cells between bars. The first line names the columns: {@code case},
 * one or more columns of answers, {@code what}. Lines that begin with {@code #} are comments. A
 * table with one column of answers makes a row of each line, with the case as its id; one with more
 * makes a row of each of their cells, with the id {@code column.case}.
 *
 * @param what the case in words
 */
record Row(String id, Expectation expected, String what) {
  private static final String BAR = "\\|";

  /** The rows of a resource of this package, in their order. */
  static List<Row> read(String resource) {
    try (InputStream in = Row.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("read table " + resource + ": no such resource");
      }
      return parse(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("read table " + resource + ": " + e.getMessage(), e);
    }
  }

  static List<Row> parse(String name, String text) {
    List<List<String>> lines =
        text.lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Row::cells)
            .toList();
    List<String> head = lines.getFirst();
    SequencedMap<String, Row> rows = new LinkedHashMap<>();
    for (List<String> line : lines.subList(1, lines.size())) {
      if (line.size() != head.size()) {
        throw new IllegalArgumentException(
            "table %s: %s: %d cells: the head has %d"
                .formatted(name, line, line.size(), head.size()));
      }
      for (Row row : rows(head, line)) {
        if (rows.putIfAbsent(row.id(), row) != null) {
          throw new IllegalArgumentException("table " + name + ": " + row.id() + ": twice");
        }
      }
    }
    return List.copyOf(rows.values());
  }

  private static List<Row> rows(List<String> head, List<String> line) {
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < line.size() - 1; i++) {
      String id = line.size() == 3 ? line.getFirst() : head.get(i) + "." + line.getFirst();
      rows.add(new Row(id, Expectation.parse(line.get(i)), line.getLast()));
    }
    return rows;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split(BAR, -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  /** The name under which the report lists it. */
  @Override
  public String toString() {
    return id;
  }
}
