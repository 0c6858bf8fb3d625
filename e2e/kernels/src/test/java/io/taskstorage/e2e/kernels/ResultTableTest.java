package io.taskstorage.e2e.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.e2e.kernels.guest.Result;
import io.taskstorage.e2e.kernels.guest.Result.Outcome;
import io.taskstorage.testkit.GuestSuite;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table that people read. */
class ResultTableTest {
  @Test
  void hasALineForEachSuiteOfEachGuest() {
    // Given
    ResultTable table = new ResultTable();
    table.add(
        "5.10 (5.10.0-32-amd64)",
        List.of(
            result(Outcome.PASSED, GuestSuite.REFUSAL, "said"),
            new Result(Outcome.REFUSED, GuestSuite.RESCAN, "", "no task storage")));
    table.add(
        "6.1 (6.1.0-50-amd64)",
        List.of(
            result(Outcome.FAILED, GuestSuite.RACE, "born"),
            result(Outcome.PASSED, GuestSuite.RESCAN, "a"),
            result(Outcome.PASSED, GuestSuite.RESCAN, "b"),
            new Result(Outcome.REFUSED, GuestSuite.RESCAN, "c", "no threads"),
            new Result(Outcome.REFUSED, GuestSuite.RESCAN, "d", "no threads")));
    // When
    String text = table.text();
    // Then
    assertThat(text)
        .isEqualTo(
            """
            kernel                                 plane     suite         passed failed  refused because
            5.10 (5.10.0-32-amd64)                 -         refusal            1      -
            5.10 (5.10.0-32-amd64)                 Rescan    contract           -      -  no task storage
            6.1 (6.1.0-50-amd64)                   Rescan    contract           2      -  no threads (2)
            6.1 (6.1.0-50-amd64)                   InKernel  race               -      1
            """);
  }

  private static Result result(Outcome outcome, GuestSuite suite, String name) {
    return new Result(outcome, suite, name, "");
  }
}
