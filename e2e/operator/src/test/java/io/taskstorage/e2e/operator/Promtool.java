package io.taskstorage.e2e.operator;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import java.time.Duration;

/** Prometheus' own tool, and with it the engine that answers its queries. */
public final class Promtool {

  /** What compiling everything may take at most, on a machine with much else to do. */
  private static final Duration COLD_BUILD = Duration.ofMinutes(40);

  private Promtool() {}

  /** Runs it; returns what it prints, and fails where it does. */
  public static String run(String... arguments) {
    return Command.of(Built.PATH).arguments(arguments).run().stdoutIfDone();
  }

  /** Built once, which may take long where nothing is cached. */
  private static final class Built {
    static final String PATH = build();

    private static String build() {
      Command build =
          Command.of(
              Installation.ROOT.resolve("tools/go-program").toString(),
              Installation.ROOT.resolve("e2e/promtool").toString(),
              "github.com/prometheus/prometheus/cmd/promtool",
              // Finding targets is not what it is for here.
              "-tags=remove_all_sd,noassets");
      try (Child child = build.start()) {
        return child.awaitExit(COLD_BUILD).stdoutIfDone().strip();
      }
    }
  }
}
