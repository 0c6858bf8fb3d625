package io.taskstorage.e2e.kernels.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import io.taskstorage.e2e.kernels.guest.Result.Outcome;
import io.taskstorage.testkit.GuestSuite;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Writes what becomes of each test to a file, as it happens. */
final class ResultWriter implements TestExecutionListener {
  private final Path file;
  private @Nullable TestPlan plan;

  ResultWriter(Path file) {
    this.file = file;
  }

  void write(Result result) {
    try {
      Files.writeString(file, result.line(), UTF_8, CREATE, APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("write result to " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void testPlanExecutionStarted(TestPlan testPlan) {
    plan = testPlan;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (test.isTest()) {
      write(test, Outcome.BEGUN, "%.0f s".formatted(uptimeSeconds()));
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    write(test, Outcome.REFUSED, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    Throwable cause = result.getThrowable().orElse(null);
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          write(test, Outcome.PASSED, "");
        }
      }
      case ABORTED ->
          write(test, Outcome.REFUSED, cause == null ? "" : String.valueOf(cause.getMessage()));
      // A container fails for what is around its tests, and is counted beside them.
      case FAILED -> write(test, Outcome.FAILED, cause == null ? "" : trace(cause));
    }
  }

  private void write(TestIdentifier test, Outcome outcome, String detail) {
    write(new Result(outcome, suite(test), name(test), detail));
  }

  /** Classes, method and case, from the outside in. */
  private String name(TestIdentifier test) {
    Deque<String> names = new ArrayDeque<>();
    Optional<TestIdentifier> each = Optional.of(test);
    while (each.isPresent() && each.get().getParentId().isPresent()) {
      names.addFirst(each.get().getDisplayName());
      each = parent(each.get());
    }
    return names.isEmpty() ? test.getDisplayName() : String.join(" ", names);
  }

  private GuestSuite suite(TestIdentifier test) {
    Optional<TestIdentifier> each = Optional.of(test);
    while (each.isPresent()) {
      Optional<TestSource> source = each.get().getSource();
      Optional<GuestSuite> suite = source.flatMap(Selection::suite);
      if (suite.isPresent()) {
        return suite.get();
      }
      each = parent(each.get());
    }
    return GuestSuite.OTHERS;
  }

  private Optional<TestIdentifier> parent(TestIdentifier test) {
    TestPlan of = plan;
    return of == null ? Optional.empty() : of.getParent(test);
  }

  /** For whoever looks where a guest spends its time; nothing is made of it. */
  private static double uptimeSeconds() {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0]);
    } catch (IOException e) {
      throw new UncheckedIOException("read uptime: " + e.getMessage(), e);
    }
  }

  private static String trace(Throwable cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
