package io.taskstorage.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Reads truth tables: cells between bars, one row a line, {@code #} begins a comment line. */
final class Table {

  private Table() {}

  /** The rows of a file below the tests' resources; every row has at least so many cells. */
  static Stream<Arguments> rows(String file, int cells) {
    List<Arguments> rows =
        lines(file).stream()
            .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray())
            .peek(
                row -> {
                  if (row.length < cells) {
                    throw new AssertionError(file + ": too few cells: " + Arrays.toString(row));
                  }
                })
            .map(row -> Arguments.of(Arrays.copyOf(row, cells)))
            .toList();
    return rows.stream();
  }

  private static List<String> lines(String file) {
    Path path = Path.of("src/test/resources", file);
    try (Stream<String> lines = Files.lines(path)) {
      return lines.filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new AssertionError("read " + path, e);
    }
  }
}
