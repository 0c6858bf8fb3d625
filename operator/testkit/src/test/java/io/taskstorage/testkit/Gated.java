package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.taskstorage.testkit.KernelTest.Need;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A program for {@link KernelTestGateTest}: runs one class of tests and says what became of each.
 */
final class Gated {
  private Gated() {}

  public static void main(String[] arguments) {
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(arguments[0])).build(),
            new Said());
  }

  private static final class Said implements TestExecutionListener {
    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      System.out.println("skipped " + test.getDisplayName() + ": " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        System.out.println(
            result.getStatus()
                + " "
                + test.getDisplayName()
                + result.getThrowable().map(problem -> ": " + causes(problem)).orElse(""));
      }
    }

    private static String causes(Throwable problem) {
      Throwable cause = problem.getCause();
      return problem.getMessage() + (cause == null ? "" : ": " + causes(cause));
    }
  }

  static class NeedsBpf {
    @Test
    @KernelTest
    void passes() {
      assertThat(KernelTest.TAG).isEqualTo("kernel");
    }
  }

  static class NeedsCgroup2 {
    @Test
    @KernelTest(needs = Need.CGROUP2)
    void passes() {
      assertThat(KernelTest.TAG).isEqualTo("kernel");
    }
  }

  static class NeedsBpffs {
    @Test
    @KernelTest(needs = Need.BPFFS)
    void passes() {
      assertThat(KernelTest.TAG).isEqualTo("kernel");
    }
  }

  static class NeedsBpftool {
    @Test
    @KernelTest(needs = Need.BPFTOOL)
    void passes() {
      assertThat(KernelTest.TAG).isEqualTo("kernel");
    }
  }
}
