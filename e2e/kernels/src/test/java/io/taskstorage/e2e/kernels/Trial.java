package io.taskstorage.e2e.kernels;

import io.taskstorage.e2e.kernels.guest.Result.Outcome;
import io.taskstorage.e2e.kernels.guest.Selection;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What came of one guest.
 *
 * @param name of the guest, with its kernel's release where that came to be known
 * @param note what is to be told besides; empty most of the time
 * @param duration from the begin to the end of it, on this machine
 * @param problem why the guest did not come to its end; empty if it did
 */
record Trial(
    String name, String note, GuestResults results, Duration duration, Optional<String> problem) {
  private static final Path MODULE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final Path ROOT = Path.of(System.getProperty("root.dir", "../.."));
  private static final Duration LIMIT = Duration.ofMinutes(Long.getLong("guest.minutes", 15));
  private static final boolean NEWEST = Boolean.getBoolean("guest.newest");
  private static final String TAG = System.getProperty("guest.tag", "guest");

  /** What the newest kernels may change is looked for in the newest series alone. */
  private static final String NEWEST_SERIES = "7";

  /** Where tests are that run in guests. */
  private static final List<String> MODULES =
      List.of("operator/testkit", "operator/bpf", "operator/taskstore", "e2e/kernels");

  /** Where guests leave what they print. */
  static final Path FOLDER = MODULE.resolve("target/guests");

  /** Runs a guest to its end. */
  static Trial of(Guest guest) {
    long start = System.nanoTime();
    Path folder = FOLDER.resolve(guest.name().replace(' ', '-'));
    Share share = Share.create(folder.resolve("share"));
    Machine machine = new Machine(folder.resolve("console"));
    String name = guest.name();
    String note = "";
    Optional<String> problem = Optional.empty();
    try {
      Kernel kernel =
          Kernel.fetch(MODULE, guest.series(), NEWEST && guest.series().equals(NEWEST_SERIES));
      name += " (" + kernel.release() + ")";
      Emulator emulator = Emulator.find(MODULE);
      note = (kernel.note() + "\n" + emulator.note()).strip();
      if (guest.suites().contains(GuestSuite.CONSUMER)) {
        // Here it takes a moment; the guest finds it where the build leaves such programs.
        Sample.build("deny-by-value", "deny_by_value");
      }
      share.prepare(MODULE.resolve("guest-start"), ROOT, TAG, guest.suites(), classes(guest));
      List<String> parameters =
          guest.parameter().isEmpty() ? List.of() : List.of(guest.parameter());
      try (Child qemu = machine.command(emulator, kernel, share, parameters).start()) {
        problem = problem(qemu.awaitExit(LIMIT).stderr());
      }
    } catch (AssertionError | RuntimeException e) {
      problem = Optional.of(String.valueOf(e.getMessage()));
    }
    GuestResults results = GuestResults.parse(share.read("results"));
    if (problem.isEmpty() && !results.isDone()) {
      problem = Optional.of("it ended before its tests did");
    }
    return new Trial(
        name,
        note,
        results,
        Duration.ofNanos(System.nanoTime() - start),
        problem.map(
            what ->
                "%s\n--- output\n%s\n--- console\n%s"
                    .formatted(what, share.read("output"), machine.lastWords())));
  }

  /** QEMU says what it cannot do, and warns of what its processors have not. */
  private static Optional<String> problem(String said) {
    List<String> lines = said.lines().filter(line -> !line.contains("warning:")).toList();
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
  }

  private static List<String> classes(Guest guest) {
    Set<Path> folders =
        MODULES.stream()
            .map(module -> ROOT.resolve(module).resolve("target/test-classes"))
            .collect(Collectors.toSet());
    List<String> classes = new Selection(TAG, guest.suites()).classesBelow(folders);
    if (classes.isEmpty()) {
      throw new IllegalStateException("no tests with the tag " + TAG + " in " + guest.suites());
    }
    return classes;
  }

  /** One line about it. */
  String summary() {
    return "guest %s: %d passed, %d failed, %d refused, %d s"
        .formatted(
            name,
            results.count(Outcome.PASSED),
            results.count(Outcome.FAILED),
            results.count(Outcome.REFUSED),
            duration.toSeconds());
  }
}
