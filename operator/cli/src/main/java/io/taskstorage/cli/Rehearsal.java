package io.taskstorage.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs each command once over a folder of manifests and prints what it prints, so that a JVM that
 * records what it loads and links has seen all of them. Nobody else calls it.
 */
final class Rehearsal {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("lint"),
          List.of("layout"),
          List.of("layout", "-o", "json"),
          List.of("preview"),
          List.of("preview", "-o", "json"));

  private Rehearsal() {}

  public static void main(String[] folder) {
    for (List<String> command : COMMANDS) {
      List<String> arguments = new ArrayList<>(command);
      arguments.addAll(List.of("-f", folder[0]));
      TaskStorageCli.commandLine(Map.of()).execute(arguments.toArray(String[]::new));
    }
  }
}
