package io.taskstorage.e2e.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.GuestSuite;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Which guests are started. */
class WantedGuestsTest {
  @Test
  void allUnlessSomeAreNamed() {
    assertThat(Guest.wanted(false, "", "", ""))
        .extracting(Guest::name)
        .containsExactly(
            "5.10",
            "6.1",
            "6.12",
            "6.12 preempt=full",
            "6.12 lockdown=confidentiality",
            "7",
            "7 preempt=full");
  }

  @Test
  void fewerInEachBuild() {
    assertThat(Guest.wanted(true, "", "", ""))
        .extracting(Guest::name)
        .containsExactly("7 preempt=full", "6.1", "5.10");
  }

  @Test
  void thoseThatHaveTheNamedSuite() {
    assertThat(Guest.wanted(false, "", "", "rescan"))
        .extracting(Guest::name)
        .containsExactly("5.10", "6.1", "6.12", "7");
  }

  @Test
  void theNamedKernelWithItsParameter() {
    assertThat(Guest.wanted(false, "6.12", "preempt=full", "race,in-kernel"))
        .containsExactly(
            new Guest("6.12", "preempt=full", EnumSet.of(GuestSuite.RACE, GuestSuite.IN_KERNEL)));
  }

  @Test
  void aSuiteThatThereIsNotIsRefused() {
    assertThatThrownBy(() -> Guest.wanted(false, "6.12", "", "rase"))
        .hasMessage("suite rase: there is none of that name");
  }
}
