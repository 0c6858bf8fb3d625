package io.taskstorage.e2e.kernels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.e2e.kernels.guest.Result;
import io.taskstorage.e2e.kernels.guest.Result.Outcome;
import io.taskstorage.testkit.OlderKernel;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every result of every guest, as a test of this machine. */
class GuestsTest {
  /** A guest has two processors, and seldom has work for both. */
  private static final int AT_ONCE = 2;

  /** Surefire sends System.out to a file; this is read by people. */
  private static final PrintStream CONSOLE =
      new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);

  private final ResultTable table = new ResultTable();

  /** Its threads live longer than the guests that they start, which end with them. */
  private final ExecutorService lanes = Executors.newFixedThreadPool(AT_ONCE);

  @AfterEach
  void end() throws IOException {
    lanes.shutdownNow();
    lanes.close();
    CONSOLE.print(table.text());
    Files.writeString(Files.createDirectories(Trial.FOLDER).resolve("table.txt"), table.text());
  }

  @TestFactory
  Stream<DynamicContainer> guests() {
    OlderKernel.needs(
        System.getProperty("os.arch").equals("amd64"),
        "the guests run this machine's programs, and their kernels are for amd64");
    List<Guest> guests =
        Guest.wanted(
            Boolean.getBoolean("guest.chosen"),
            System.getProperty("guest.kernels", ""),
            System.getProperty("guest.parameter", ""),
            System.getProperty("guest.suites", ""));
    return guests.stream().map(this::begun).toList().stream();
  }

  /** A stream is asked for its tests only when it is the guest's turn: then it is waited for. */
  private DynamicContainer begun(Guest guest) {
    CompletableFuture<Trial> trial = CompletableFuture.supplyAsync(() -> Trial.of(guest), lanes);
    return DynamicContainer.dynamicContainer(
        guest.name(), Stream.of(trial).flatMap(pending -> tests(pending.join())));
  }

  private Stream<DynamicNode> tests(Trial trial) {
    if (!trial.note().isEmpty()) {
      CONSOLE.println(trial.note());
    }
    CONSOLE.println(trial.summary());
    table.add(trial.name(), trial.results().results());
    return Stream.concat(
        Stream.concat(
                trial.results().results().stream()
                    .filter(result -> result.outcome() != Outcome.REFUSED),
                trial.results().broken().stream())
            .map(result -> test(trial.name(), result)),
        Stream.of(
            DynamicTest.dynamicTest(
                "comes to its end", () -> assertThat(trial.problem()).as(trial.name()).isEmpty())));
  }

  private static DynamicTest test(String guest, Result result) {
    return DynamicTest.dynamicTest(
        result.name(),
        () ->
            assertThat(result.outcome())
                .as("%s: %s: %s", guest, result.name(), result.detail())
                .isEqualTo(Outcome.PASSED));
  }
}
