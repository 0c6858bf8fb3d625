package io.taskstorage.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows under a heading, columns as wide as their widest cell, two spaces between them. */
public final class Table {
  private static final String GAP = "  ";

  /** A heading and the side its cells keep to. */
  public record Column(String heading, boolean rightAligned) {
    public static Column left(String heading) {
      return new Column(heading, false);
    }

    /** For numbers, so that their digits stand below each other. */
    public static Column right(String heading) {
      return new Column(heading, true);
    }
  }

  private final List<Column> columns;
  private final List<String[]> rows = new ArrayList<>();
  private final int[] widths;

  private Table(List<Column> columns) {
    this.columns = List.copyOf(columns);
    this.widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(columns.get(i).heading());
    }
  }

  public static Table of(List<Column> columns) {
    return new Table(columns);
  }

  public static Table of(Column... columns) {
    return new Table(Arrays.asList(columns));
  }

  /** One cell per column; control characters are made visible. */
  public Table row(List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          "table row: " + cells.size() + " cells for " + columns.size() + " columns");
    }
    String[] row = new String[widths.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = printable(cells.get(i));
      widths[i] = Math.max(widths[i], width(row[i]));
    }
    rows.add(row);
    return this;
  }

  public Table row(String... cells) {
    return row(Arrays.asList(cells));
  }

  /** The heading, dimmed where there are colours, then the rows; every line begins with indent. */
  public void print(PrintWriter out, Terminal terminal, String indent) {
    String[] headings = columns.stream().map(Column::heading).toArray(String[]::new);
    out.println(indent + terminal.dim(line(headings)));
    for (String[] row : rows) {
      out.println(indent + line(row));
    }
  }

  public void print(PrintWriter out, Terminal terminal) {
    print(out, terminal, "");
  }

  private String line(String[] cells) {
    StringBuilder line = new StringBuilder(96);
    for (int i = 0; i < cells.length; i++) {
      String padding = " ".repeat(widths[i] - width(cells[i]));
      boolean last = i == cells.length - 1;
      if (columns.get(i).rightAligned()) {
        line.append(padding).append(cells[i]);
      } else {
        line.append(cells[i]).append(last ? "" : padding);
      }
      line.append(last ? "" : GAP);
    }
    return line.toString().stripTrailing();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * The text with control characters as {@code \xNN}: a process may call itself anything, also a
   * sequence that would repaint the reader's terminal.
   */
  public static String printable(String text) {
    if (text.codePoints().noneMatch(Table::isUnprintable)) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length() + 8);
    text.codePoints()
        .forEach(
            point -> {
              if (isUnprintable(point)) {
                safe.append(String.format("\\x%02x", point));
              } else {
                safe.appendCodePoint(point);
              }
            });
    return safe.toString();
  }

  private static boolean isUnprintable(int point) {
    return Character.isISOControl(point)
        || Character.getType(point) == Character.FORMAT
        || Character.getType(point) == Character.SURROGATE;
  }
}
