package io.taskstorage.e2e.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code e2e/health}: the verdicts of kstatus itself, and of the Lua that users give to Argo CD.
 */
final class HealthProgram {

  static final Path LUA = Installation.ROOT.resolve("samples/gitops/argocd/health.lua");
  static final Path CONFIG_MAP = Installation.ROOT.resolve("samples/gitops/argocd/argocd-cm.yaml");

  /** What compiling everything may take at most, on a machine with much else to do. */
  private static final Duration COLD_BUILD = Duration.ofMinutes(30);

  private static final JsonMapper JSON = new JsonMapper();

  private HealthProgram() {}

  /**
   * What is said of one object.
   *
   * @param argo empty where Argo CD knows no health for the kind
   */
  record Said(String kstatus, String argo, String argoMessage) {

    static Said of(Verdict verdict, String argoMessage) {
      return new Said(verdict.kstatus(), verdict.argo(), argoMessage);
    }
  }

  /** Asks about one object, in YAML or JSON. */
  static Said of(String object) {
    String line = program("--argocd-cm", CONFIG_MAP.toString()).input(object).run().stdoutIfDone();
    try {
      JsonNode said = JSON.readTree(line);
      return new Said(
          said.path("kstatus").asText(),
          said.path("argo").asText(),
          said.path("argoMessage").asText());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("read what health says: " + line, e);
    }
  }

  static Outcome run(String... arguments) {
    return program(arguments).run();
  }

  private static Command program(String... arguments) {
    return Command.of(Built.PATH).arguments(arguments);
  }

  /** Built once, which may take long where nothing is cached. */
  private static final class Built {
    static final String PATH = build();

    private static String build() {
      Command build =
          Command.of(
              Installation.ROOT.resolve("tools/go-program").toString(),
              Installation.ROOT.resolve("e2e/health").toString());
      try (Child child = build.start()) {
        return child.awaitExit(COLD_BUILD).stdoutIfDone().strip();
      }
    }
  }
}
