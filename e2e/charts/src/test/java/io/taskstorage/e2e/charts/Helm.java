package io.taskstorage.e2e.charts;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Helm itself, with folders of its own: what its user prefers is not what is tested. */
final class Helm {

  static final Path ROOT = Path.of(System.getProperty("root.dir", "."));
  static final Path OPERATOR = ROOT.resolve("charts/task-storage-operator");
  static final Path DEFINITIONS = ROOT.resolve("charts/task-storage-crds");

  /** Where the operator is unless somebody wants it elsewhere. */
  static final String NAMESPACE = "taskstorage-system";

  private static final Path HOME =
      Path.of(System.getProperty("basedir", ""), "target", "helm").toAbsolutePath();

  /** What compiling everything may take at most, on a machine with much else to do. */
  private static final Duration COLD_BUILD = Duration.ofMinutes(30);

  private Helm() {}

  /** Runs it, with values on its standard input for {@code --values -}. */
  static Outcome run(String values, String... arguments) {
    return command(arguments).input(values).run();
  }

  /** What would be installed with these values. */
  static Outcome template(Path chart, String values, String... more) {
    List<String> words = new ArrayList<>(List.of("template", "taskstorage", chart.toString()));
    words.addAll(List.of("--namespace", NAMESPACE, "--values", "-"));
    words.addAll(List.of(more));
    return run(values, words.toArray(String[]::new));
  }

  /** The objects that would be installed with these values. */
  static Rendering rendering(Path chart, String values) {
    return Rendering.of(template(chart, values).stdoutIfDone());
  }

  private static Command command(String... arguments) {
    return Command.of(Built.PATH)
        .arguments(arguments)
        .environment("HELM_CONFIG_HOME", HOME + "/config")
        .environment("HELM_DATA_HOME", HOME + "/data")
        .environment("HELM_CACHE_HOME", HOME + "/cache")
        .environment("LC_ALL", "C.UTF-8");
  }

  /** Built once, which may take long where nothing is cached. */
  private static final class Built {
    static final String PATH = build();

    private static String build() {
      Command build = Command.of(ROOT.resolve("e2e/helm/program").toString());
      try (Child child = build.start()) {
        return child.awaitExit(COLD_BUILD).stdoutIfDone().strip();
      }
    }
  }
}
