package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel's files say of preemption. */
class PreemptionTest {
  private static final String DYNAMIC = "#1 SMP PREEMPT_DYNAMIC Debian";

  @ParameterizedTest
  @CsvSource({
    "none (voluntary) full, preempt=full, false",
    "none voluntary (full), preempt=none, true",
    "full (lazy), '', true"
  })
  void whatIsInForceDecides(String chosen, String commandLine, boolean expected) {
    assertThat(Preemption.isEverywhere(chosen, commandLine, "CONFIG_PREEMPT=y", DYNAMIC))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "quiet preempt=full, true",
    "preempt=lazy quiet, true",
    "preempt=full preempt=none, false",
    "preempt=voluntary, false",
    "nopreempt=full, false"
  })
  void elseWhatItWasStartedWith(String commandLine, boolean expected) {
    assertThat(Preemption.isEverywhere("", commandLine, "CONFIG_PREEMPT_VOLUNTARY=y\n", DYNAMIC))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "CONFIG_PREEMPT=y, SMP PREEMPT_DYNAMIC, true",
    "CONFIG_PREEMPT_LAZY=y, SMP PREEMPT_DYNAMIC, true",
    "CONFIG_PREEMPT_NONE=y, SMP PREEMPT_DYNAMIC, false",
    "CONFIG_PREEMPT_BUILD=y, SMP PREEMPT_DYNAMIC, false",
    "# CONFIG_PREEMPT is not set, SMP PREEMPT_DYNAMIC, false",
    "'', SMP PREEMPT_DYNAMIC, false",
    "'', SMP PREEMPT Fri, true",
    "'', SMP PREEMPT_RT Fri, true",
    "'', SMP Debian 6.1, false"
  })
  void elseHowItWasBuilt(String configuration, String version, boolean expected) {
    assertThat(Preemption.isEverywhere("", "quiet", configuration, version)).isEqualTo(expected);
    // Only a kernel that has the choice is told by its command line.
    if (!version.contains("DYNAMIC")) {
      assertThat(Preemption.isEverywhere("", "preempt=none", configuration, version))
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "none voluntary (full), '', '', full",
    "full (lazy), preempt=full, CONFIG_PREEMPT=y, lazy",
    "'', preempt=lazy, CONFIG_PREEMPT=y, lazy",
    "'', '', CONFIG_PREEMPT_LAZY=y, lazy",
    "'', '', CONFIG_PREEMPT_RT=y, full",
    "'', '', CONFIG_PREEMPT_VOLUNTARY=y, none"
  })
  void fullIsNotLazy(String chosen, String commandLine, String configuration, String expected) {
    assertThat(Preemption.mode(chosen, commandLine, configuration, DYNAMIC)).isEqualTo(expected);
  }
}
