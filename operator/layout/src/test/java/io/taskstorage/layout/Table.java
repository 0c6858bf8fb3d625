package io.taskstorage.layout;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A golden table: each case is a line, followed by indented lines with what is expected of it.
 *
 * <p>Lines that begin with # and empty lines are left out.
 */
record Table(List<Row> rows) {

  record Row(String in, List<String> out) {
    @Override
    public String toString() {
      return in;
    }
  }

  static Table read(Class<?> test, String name) {
    String path = "/" + test.getSimpleName() + "/" + name;
    List<Row> rows = new ArrayList<>();
    for (String line : text(test, path).lines().toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("  ")) {
        rows.getLast().out.add(line.substring(2));
      } else {
        rows.add(new Row(line, new ArrayList<>()));
      }
    }
    return new Table(rows);
  }

  static String text(Class<?> test, String path) {
    try (InputStream in = test.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("read golden table " + path + ": it is not there");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
