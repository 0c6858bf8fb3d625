package io.taskstorage.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Says at the end of a module's tests how many kernel tests ran, and how many did not and why.
 * Found through ServiceLoader.
 */
public final class KernelTestReport implements TestExecutionListener {
  private final PrintStream console;
  private final Map<String, Integer> skipped = new TreeMap<>();
  private int run;
  private @Nullable TestPlan plan;

  /** For ServiceLoader. Surefire sends System.out to some test's file; this is read by people. */
  public KernelTestReport() {
    this(new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8));
  }

  KernelTestReport(PrintStream console) {
    this.console = console;
  }

  @Override
  public void testPlanExecutionStarted(TestPlan testPlan) {
    plan = testPlan;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    if (isKernelTest(test)) {
      skipped.merge(reason, testsIn(test), Integer::sum);
    }
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (isKernelTest(test) && test.isTest()) {
      run++;
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan testPlan) {
    if (run > 0 || !skipped.isEmpty()) {
      console.println(summary());
    }
  }

  String summary() {
    int count = skipped.values().stream().mapToInt(Integer::intValue).sum();
    String reasons =
        skipped.entrySet().stream()
            .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
            .collect(Collectors.joining("; "));
    return "kernel tests: %d run, %d skipped%s"
        .formatted(run, count, count == 0 ? "" : " because " + reasons);
  }

  private int testsIn(TestIdentifier test) {
    TestPlan tests = plan;
    if (test.isTest() || tests == null) {
      return 1;
    }
    return (int)
        Math.max(1, tests.getDescendants(test).stream().filter(TestIdentifier::isTest).count());
  }

  private static boolean isKernelTest(TestIdentifier test) {
    return test.getTags().stream().anyMatch(tag -> tag.getName().equals(KernelTest.TAG));
  }
}
