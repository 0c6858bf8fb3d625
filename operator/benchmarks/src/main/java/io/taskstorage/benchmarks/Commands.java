package io.taskstorage.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whole commands, from the call of the launcher to the end of its process, against a C program that
 * reads and prints the same file.
 */
final class Commands {
  private static final int ROUNDS = 11;
  private static final int ROUNDS_OF_PREVIEW = 5;
  private static final SampleCluster SMALL =
      new SampleCluster(0, 8, 4, SampleCluster.Source.LITERAL);
  private static final SampleCluster LARGE =
      new SampleCluster(10_000, 20, 4, SampleCluster.Source.MIXED);

  private Commands() {}

  /** A command that only says what it is: the least that any of the node's takes. */
  static Map<String, Pairs> version(Ground ground, Path launcher) {
    return inTurn(ground, launcher, List.of("version"), write(ground, "v.yaml", "x"), ROUNDS);
  }

  /** A command of those that need no kernel, up to where it would look at its input. */
  static Map<String, Pairs> start(Ground ground, Path launcher) {
    List<String> help = List.of("lint", "--help");
    return inTurn(ground, launcher, help, write(ground, "s.yaml", "x"), ROUNDS);
  }

  /** A command on a small file: {@code layout} or {@code lint}. */
  static Map<String, Pairs> onManifests(Ground ground, Path launcher, String command) {
    Path file = write(ground, "objects.yaml", SMALL.mapsYaml() + "---\n" + SMALL.policiesYaml(0));
    return inTurn(ground, launcher, List.of(command, "-f", file.toString()), file, ROUNDS);
  }

  /** {@code preview} of ten thousand pods. */
  static Map<String, Pairs> preview(Ground ground, Path launcher) {
    Path objects =
        write(
            ground,
            "objects.yaml",
            String.join("---\n", LARGE.mapsYaml(), LARGE.policiesYaml(0), LARGE.namespacesYaml()));
    Path pods = ground.folder().resolve("pods.json");
    PodList.write(LARGE, pods);
    return inTurn(
        ground,
        launcher,
        List.of("preview", "-f", objects.toString(), "-f", pods.toString()),
        pods,
        ROUNDS_OF_PREVIEW);
  }

  private static Map<String, Pairs> inTurn(
      Ground ground, Path launcher, List<String> arguments, Path printed, int rounds) {
    String command = ground.program("command").toString();
    List<String> java = new ArrayList<>(List.of(command, launcher.toString()));
    java.addAll(arguments);
    List<String> c = List.of(command, ground.program("print_file").toString(), printed.toString());
    try (Contestant ofJava = Contestant.start("taskstorage " + arguments.getFirst(), java);
        Contestant ofC = Contestant.start("print_file", c)) {
      return Contestant.inTurn(ofJava, ofC, rounds);
    }
  }

  private static Path write(Ground ground, String name, String text) {
    try {
      return Files.writeString(ground.folder().resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException("write " + name + ": " + e.getMessage(), e);
    }
  }
}
