package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class KernelTestReportTest {

  @Test
  void countsRunAndSkippedWithReasons() {
    assertThat(summaryOf(Mixed.class, AllSkipped.class))
        .isEqualTo(
            "kernel tests: 2 run, 3 skipped because bpf(2) refused (1); no cgroup2 here (2)");
  }

  @Test
  void saysNoReasonWhereNothingIsSkipped() {
    assertThat(summaryOf(OnlyRuns.class)).isEqualTo("kernel tests: 1 run, 0 skipped");
  }

  private static String summaryOf(Class<?>... classes) {
    KernelTestReport report =
        new KernelTestReport(new PrintStream(OutputStream.nullOutputStream()));
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    for (Class<?> testClass : classes) {
      request.selectors(selectClass(testClass));
    }
    LauncherDiscoveryRequest built = request.build();
    LauncherConfig config =
        LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
    LauncherFactory.create(config).execute(built, report);
    return report.summary();
  }

  static class Mixed {
    @Test
    @Tag(KernelTest.TAG)
    void passes() {
      assertThat(KernelTest.TAG).isEqualTo("kernel");
    }

    @Test
    @Tag(KernelTest.TAG)
    void fails() {
      fail("on purpose: a failed test has run");
    }

    @Test
    @Tag(KernelTest.TAG)
    @Disabled("bpf(2) refused")
    void isSkipped() {
      fail("never runs");
    }

    @Test
    @EnabledIfSystemProperty(named = "no.such.property", matches = "")
    void isSkippedButNoKernelTest() {
      fail("never runs");
    }
  }

  @Tag(KernelTest.TAG)
  @Disabled("no cgroup2 here")
  static class AllSkipped {
    @Test
    void first() {
      fail("never runs");
    }

    @Test
    void second() {
      fail("never runs");
    }
  }

  static class OnlyRuns {
    @Test
    @Tag(KernelTest.TAG)
    void passes() {
      assertThat(KernelTest.TAG).isEqualTo("kernel");
    }
  }
}
