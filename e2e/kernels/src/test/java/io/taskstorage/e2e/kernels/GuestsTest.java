package io.taskstorage.e2e.kernels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.taskstorage.e2e.kernels.guest.Result.Outcome;
import io.taskstorage.e2e.kernels.guest.Selection;
import io.taskstorage.testkit.Child;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Every result of every guest, as a test of this machine. */
@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "the guests run this machine's programs, and their kernels are for amd64")
class GuestsTest {
  private static final Path MODULE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final Path ROOT = Path.of(System.getProperty("root.dir")).toAbsolutePath();
  private static final Path FOLDER = MODULE.resolve("target/guests");
  private static final Duration LIMIT = Duration.ofMinutes(Long.getLong("guest.minutes"));
  private static final boolean NEWEST = Boolean.getBoolean("guest.newest");
  private static final String TAG = System.getProperty("guest.tag");

  /** What the newest kernels may change is looked for in the newest series alone. */
  private static final String NEWEST_SERIES = "7";

  private static final ResultTable TABLE = new ResultTable();

  /** Surefire sends System.out to a file; this is read by people. */
  private static final PrintStream CONSOLE =
      new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);

  @AfterAll
  static void printTable() throws IOException {
    CONSOLE.print(TABLE.text());
    Files.writeString(Files.createDirectories(FOLDER).resolve("table.txt"), TABLE.text());
  }

  @TestFactory
  Stream<DynamicContainer> guests() {
    List<Guest> guests =
        Guest.wanted(
            System.getProperty("guest.kernels", ""),
            System.getProperty("guest.preempt", ""),
            System.getProperty("guest.suites", ""));
    // A stream is asked for its tests only when it is the guest's turn.
    return guests.stream()
        .map(
            guest ->
                DynamicContainer.dynamicContainer(
                    guest.name(), Stream.of(guest).flatMap(GuestsTest::tests)));
  }

  private static Stream<DynamicNode> tests(Guest guest) {
    long start = System.nanoTime();
    Path folder = FOLDER.resolve(guest.name().replace(' ', '-'));
    Share share = Share.create(folder.resolve("share"));
    Machine machine = new Machine(folder.resolve("console"));
    Kernel kernel;
    try {
      kernel = Kernel.fetch(MODULE, guest.series(), NEWEST && guest.series().equals(NEWEST_SERIES));
      CONSOLE.print(kernel.note().isEmpty() ? "" : kernel.note() + "\n");
      share.prepare(MODULE.resolve("guest-start"), ROOT, TAG, guest.suites(), classes(guest));
      List<String> parameters =
          guest.preempt().isEmpty() ? List.of() : List.of("preempt=" + guest.preempt());
      try (Child qemu = machine.command(kernel, share, parameters).start()) {
        qemu.awaitExit(LIMIT);
      }
    } catch (AssertionError | RuntimeException e) {
      return Stream.concat(
          results(guest.name(), GuestResults.parse(share.read("results"))),
          Stream.of(DynamicTest.dynamicTest("ends", () -> fail(told(guest, share, machine), e))));
    }
    GuestResults results = GuestResults.parse(share.read("results"));
    String name = guest.name() + " (" + kernel.release() + ")";
    CONSOLE.printf(
        "guest %s: %d passed, %d failed, %d s%n",
        name,
        results.count(Outcome.PASSED),
        results.count(Outcome.FAILED),
        (System.nanoTime() - start) / 1_000_000_000);
    return Stream.concat(
        results(name, results),
        Stream.of(
            DynamicTest.dynamicTest(
                "ends",
                () -> assertThat(results.isDone()).as(told(guest, share, machine)).isTrue())));
  }

  private static List<String> classes(Guest guest) {
    Set<Path> folders =
        Stream.of("operator/testkit", "operator/bpf", "operator/taskstore", "e2e/kernels")
            .map(module -> ROOT.resolve(module).resolve("target/test-classes"))
            .collect(Collectors.toSet());
    List<String> classes = new Selection(TAG, guest.suites()).classesBelow(folders);
    assertThat(classes).as("classes with tests of " + guest.suites()).isNotEmpty();
    return classes;
  }

  private static Stream<DynamicNode> results(String name, GuestResults results) {
    TABLE.add(name, results.results());
    return Stream.concat(
            results.results().stream().filter(result -> result.outcome() != Outcome.REFUSED),
            results.broken().stream())
        .map(
            result ->
                DynamicTest.dynamicTest(
                    result.name(),
                    () ->
                        assertThat(result.outcome())
                            .as("%s: %s: %s", name, result.name(), result.detail())
                            .isEqualTo(Outcome.PASSED)));
  }

  private static String told(Guest guest, Share share, Machine machine) {
    return "guest %s did not come to its end%n--- output%n%s%n--- console%n%s"
        .formatted(guest.name(), share.read("output"), machine.lastWords());
  }
}
