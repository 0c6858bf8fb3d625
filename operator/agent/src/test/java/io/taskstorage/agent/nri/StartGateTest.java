package io.taskstorage.agent.nri;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StartGateTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private final CountDownLatch woken = new CountDownLatch(1);

  private StartGate gate(boolean areProgramsThere) {
    return new StartGate(areProgramsThere, woken::countDown);
  }

  /** Waits at the gate on another thread; returns when it has asked. */
  private CompletableFuture<StartGate.Outcome> start(StartGate gate) throws InterruptedException {
    CompletableFuture<StartGate.Outcome> outcome =
        CompletableFuture.supplyAsync(
            () -> gate.await("c1", LONG), task -> new Thread(task).start());
    assertThat(woken.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return outcome;
  }

  @Test
  void whatATurnHasBroughtInLineDoesNotWait() {
    StartGate gate = gate(true);
    gate.passed(0, Set.of("c1"));
    assertThat(gate.await("c1", LONG)).isEqualTo(StartGate.Outcome.READY);
    assertThat(gate.isAsked()).isFalse();
    assertThat(woken.getCount()).as("no turn was asked for").isEqualTo(1);
  }

  @Test
  void aStartWaitsForATurnThatLookedAfterIt() throws Exception {
    // Given: a turn that has looked before the start
    StartGate gate = gate(true);
    long before = gate.asked();
    CompletableFuture<StartGate.Outcome> start = start(gate);
    assertThat(gate.isAsked()).isTrue();

    // When
    gate.passed(before, Set.of());

    // Then
    assertThat(start).isNotDone();
    assertThat(gate.isAsked()).isTrue();

    // When
    gate.passed(gate.asked(), Set.of("c1"));

    // Then
    assertThat(start.get()).isEqualTo(StartGate.Outcome.WAITED);
    assertThat(gate.isAsked()).isFalse();
  }

  @Test
  void whereNobodyKnowsTheContainerATurnIsEnough() throws Exception {
    StartGate gate = gate(true);
    CompletableFuture<StartGate.Outcome> start = start(gate);
    gate.passed(gate.asked(), Set.of("another"));
    assertThat(start.get()).isEqualTo(StartGate.Outcome.UNKNOWN);
  }

  @Test
  void withoutProgramsAPassIsNeededForEachStart() throws Exception {
    StartGate gate = gate(false);
    gate.passed(0, Set.of("c1"));
    CompletableFuture<StartGate.Outcome> start = start(gate);
    assertThat(start).isNotDone();
    gate.passed(gate.asked(), Set.of("c1"));
    assertThat(start.get()).isEqualTo(StartGate.Outcome.WAITED);
  }

  @Test
  void aTurnThatDoesNotComeHoldsNobody() {
    assertThat(gate(true).await("c1", Duration.ofMillis(1))).isEqualTo(StartGate.Outcome.TIMEOUT);
  }

  @Test
  void whoWaitsGoesOnWhenNoTurnComesAnyMore() throws Exception {
    StartGate gate = gate(true);
    CompletableFuture<StartGate.Outcome> start = start(gate);
    gate.close();
    assertThat(start.get()).isEqualTo(StartGate.Outcome.UNKNOWN);
    assertThat(gate.await("c2", LONG)).isEqualTo(StartGate.Outcome.UNKNOWN);
  }
}
