package io.taskstorage.e2e.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.e2e.kernels.guest.Result;
import io.taskstorage.e2e.kernels.guest.Result.Outcome;
import io.taskstorage.testkit.GuestSuite;
import org.junit.jupiter.api.Test;

/** What is made of a guest's file, whole or not. */
class GuestResultsTest {
  @Test
  void aLineComesBackAsItWasWritten() {
    // Given
    Result result = new Result(Outcome.FAILED, GuestSuite.IN_KERNEL, "a\tb", "x \\n y\r\n\tz\\");
    // When
    GuestResults read = GuestResults.parse(result.line());
    // Then
    assertThat(read.results()).containsExactly(result);
    assertThat(result.line()).hasLineCount(1);
  }

  @Test
  void aGuestThatDiedLeavesTheTestThatItDiedIn() {
    // Given
    String file =
        line(Outcome.BEGUN, "a")
            + line(Outcome.PASSED, "a")
            + line(Outcome.BEGUN, "b")
            + line(Outcome.FAILED, "b").substring(0, 5);
    // When
    GuestResults read = GuestResults.parse(file);
    // Then
    assertThat(read.results()).extracting(Result::name).containsExactly("a");
    assertThat(read.broken()).extracting(Result::name).containsExactly("b");
    assertThat(read.isDone()).isFalse();
  }

  @Test
  void aGuestThatCameToItsEndSaysSo() {
    // When
    GuestResults read =
        GuestResults.parse(
            line(Outcome.BEGUN, "a") + line(Outcome.REFUSED, "a") + line(Outcome.DONE, ""));
    // Then
    assertThat(read.isDone()).isTrue();
    assertThat(read.broken()).isEmpty();
    assertThat(read.count(Outcome.REFUSED)).isEqualTo(1);
    assertThat(read.count(Outcome.PASSED)).isZero();
  }

  @Test
  void aLineOfAnotherKindIsRefused() {
    assertThatThrownBy(() -> GuestResults.parse("PASSED\trace\n"))
        .hasMessage("result of a guest: PASSED\trace: has not four parts");
  }

  private static String line(Outcome outcome, String name) {
    return new Result(outcome, GuestSuite.RACE, name, "").line();
  }
}
