package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.taskstore.inkernel.Gate.Point.ROW_READ;
import static io.taskstorage.taskstore.inkernel.Gate.Point.VALUE_FOUND;
import static io.taskstorage.taskstore.inkernel.Gate.Point.WORD_READ;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.inkernel.LooseSet.Fault;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The race can fail: each rule of the protocol that is left out makes it find errors, most of them
 * with the birth of a task held between two steps while rows change; with all rules there are none.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class RaceFaultsKernelTest {
  /** Reached only by a race that does not find what it must find. */
  private static final long MOST_STARTS = 2_000_000;

  private static final int HELD_TURNS = 200;

  /** In that order, and the other way round: so each gets a slot back that was just its own. */
  private static final List<RaceCgroup> BOTH = List.of(RaceCgroup.FIRST, RaceCgroup.SECOND);

  /** As often the gate is asked whether a run is there that may never come. */
  private static final int LOOKS = 2_000;

  private final Gate gate = new Gate();
  private CgroupSandbox sandbox;
  private Path bpffs;
  @TempDir private Path folder;
  private int held;
  private int heldTwice;

  @BeforeEach
  void take(CgroupSandbox sandbox, @BpffsMount Path bpffs) {
    this.sandbox = sandbox;
    this.bpffs = bpffs;
  }

  @AfterEach
  void closeGate() {
    gate.close();
  }

  @Test
  void withAllRulesAHeldBirthIsRight() throws IOException {
    // Given
    try (LooseSet set = new LooseSet(Set.of(), gate, EnumSet.allOf(Gate.Point.class), bpffs)) {
      Race race = new Race(set, sandbox, folder, set.pins());
      // When
      Race.Result result =
          race.run(
              MOST_STARTS,
              _ -> {
                if (held >= HELD_TURNS) {
                  return Optional.empty();
                }
                return Optional.of(
                    switch (held % 3) {
                      case 0 -> () -> heldAt(race, ROW_READ);
                      case 1 -> () -> heldAt(race, VALUE_FOUND);
                      default -> () -> heldTwice(race);
                    });
              });
      // Then
      System.out.println(heldTwice + " of " + held + " held twice: " + result.sum());
      assertThat(result.sum().errors()).as("%s", result).isZero();
      assertThat(heldTwice).as("runs that were held at both points").isPositive();
    }
  }

  @Test
  void withoutASecondLookATaskKeepsWhatHasChangedMeanwhile() throws IOException {
    Race.Result result =
        untilWrong(Set.of(Fault.NO_SECOND_LOOK), ROW_READ, race -> heldAt(race, ROW_READ));
    assertThat(result.sum().wrong()).as("%s", result).isPositive();
  }

  @Test
  void withValueBytesInAHashATaskGetsThoseOfAnotherCgroup() throws IOException {
    Race.Result result =
        untilWrong(Set.of(Fault.BYTES_IN_A_HASH), VALUE_FOUND, race -> heldAt(race, VALUE_FOUND));
    assertThat(result.sum().wrong()).as("%s", result).isPositive();
  }

  @Test
  void withTheSweepBeforeTheChangeTasksKeepWhatTheyHad() throws IOException {
    Race.Result result = untilWrong(Set.of(Fault.SWEEP_BEFORE_PUBLISH), ROW_READ, Race::anyTurn);
    assertThat(result.sum().wrong()).as("%s", result).isPositive();
  }

  @Test
  void withASlotUsedAgainAtOnceATaskKeepsAWordOfBefore() throws IOException {
    Race.Result result = untilWrong(Set.of(Fault.NO_FENCE), WORD_READ, this::heldTwice);
    assertThat(result.sum().wrong()).as("%s", result).isPositive();
  }

  private interface Turn {
    void of(Race race);
  }

  private Race.Result untilWrong(Set<Fault> faults, Gate.Point point, Turn turn)
      throws IOException {
    // Given
    try (LooseSet set = new LooseSet(faults, gate, EnumSet.of(ROW_READ, point), bpffs)) {
      Race race = new Race(set, sandbox, folder, set.pins());
      // When
      Race.Result result =
          race.run(
              MOST_STARTS,
              errors -> errors > 0 ? Optional.empty() : Optional.of(() -> turn.of(race)));
      // Then
      System.out.println(faults + ": " + result.sum() + ", " + result.turns() + " turns, " + held);
      System.out.println(result.samples());
      return result;
    }
  }

  /** Rows change, and all is brought in line, while a run is between two steps. */
  private void heldAt(Race race, Gate.Point point) {
    gate.close(point);
    while (race.isRunning() && !gate.isHeld(point)) {
      Thread.onSpinWait();
    }
    race.turn(BOTH);
    gate.open();
    held++;
  }

  /** The same run twice, if it finds an entry that the sweep has made. */
  private void heldTwice(Race race) {
    gate.close(ROW_READ);
    while (race.isRunning() && !gate.isHeld(ROW_READ)) {
      Thread.onSpinWait();
    }
    race.turn(BOTH);
    gate.close(WORD_READ);
    for (int i = 0; i < LOOKS && !gate.isHeld(WORD_READ); i++) {
      Thread.onSpinWait();
    }
    heldTwice += gate.isHeld(WORD_READ) ? 1 : 0;
    race.turn(BOTH.reversed());
    gate.open();
    held++;
  }
}
