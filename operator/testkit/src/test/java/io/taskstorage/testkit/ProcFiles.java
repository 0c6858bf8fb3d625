package io.taskstorage.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code /proc} says about the tasks of the tests. */
final class ProcFiles {
  private ProcFiles() {}

  static String status(Task task, String key) throws IOException {
    Path file = Path.of("/proc/%d/task/%d/status".formatted(task.pid(), task.tid()));
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  static List<Integer> tidsOf(Task process) throws IOException {
    try (Stream<Path> tids = Files.list(Path.of("/proc/%d/task".formatted(process.pid())))) {
      return tids.map(tid -> Integer.valueOf(tid.getFileName().toString()))
          .collect(Collectors.toList());
    }
  }
}
