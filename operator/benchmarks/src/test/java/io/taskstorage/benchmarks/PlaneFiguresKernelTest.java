package io.taskstorage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.taskstore.Plane;
import io.taskstorage.testkit.KernelTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured is what the figures say, with few tasks; the times themselves say nothing. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class PlaneFiguresKernelTest {
  private static final int FEW = 20;
  private static final List<String> PASSES = List.of("create", "overwrite", "verify", "delete");

  @Test
  void everyPassIsMeasuredOnBothPlanesAndInC() {
    try (Ground ground = Ground.make()) {
      // When
      Map<String, Pairs> planes = PlaneFigures.sweeps(ground, FEW, 2);
      Map<String, Pairs> c = PlaneFigures.sweepsAgainstC(ground, FEW, 2);

      // Then
      assertThat(planes).containsOnlyKeys(PASSES);
      assertThat(c).containsOnlyKeys(PASSES);
      assertThat(planes.values()).allMatch(PlaneFiguresKernelTest::isMeasured);
      assertThat(c.values()).allMatch(PlaneFiguresKernelTest::isMeasured);
    }
  }

  @Test
  void changesAreMeasuredOnBothPlanes() {
    try (Ground ground = Ground.make()) {
      assertThat(PlaneFigures.changes(ground, FEW, 5)).matches(PlaneFiguresKernelTest::isMeasured);
    }
  }

  @Test
  void startsAreMeasuredInEachState() {
    try (Ground ground = Ground.make()) {
      // When
      Map<String, Pairs> starts = StartFigures.starts(ground, 1, FEW);
      Map<String, Pairs> runs = StartFigures.runs(ground, 1, FEW);

      // Then
      assertThat(starts.keySet())
          .hasSize(3 * 5)
          .contains(
              "fork, no row, 1 map",
              "fork, a row, 1 map",
              "vfork, no row, 16 maps",
              "thread, a row, 16 maps",
              "thread, nothing attached, again");
      assertThat(starts.values()).allMatch(PlaneFiguresKernelTest::isMeasured);
      assertThat(runs)
          .containsOnlyKeys(
              "newtask, 1 map", "wakeup, 1 map", "newtask, 16 maps", "wakeup, 16 maps");
      assertThat(runs.values()).allMatch(PlaneFiguresKernelTest::isMeasured);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"IN_KERNEL", "RESCAN"})
  void passesThatDidNotReachEveryTaskAreNoFigures(Plane plane) {
    try (Ground ground = Ground.make();
        Sleepers _ = Sleepers.start(ground, FEW)) {
      assertThatThrownBy(() -> PlaneFigures.loop(ground, "sweep", plane, FEW + 1).close())
          .hasMessage(plane.display() + ": ended instead of answering");
      assertThatThrownBy(() -> PlaneFigures.loop(ground, "change", plane, FEW + 1).close())
          .hasMessage(plane.display() + ": ended instead of answering");
    }
  }

  @Test
  void startsInAnotherStateThanWantedAreNoFigures() {
    try (Ground ground = Ground.make();
        TaggedCgroup cgroup =
            TaggedCgroup.open(
                Plane.IN_KERNEL,
                ground.pins("starts"),
                ground.cgroupRoot(),
                ground.cgroupInode(),
                1)) {
      assertThat(round(ground, "tagged " + cgroup.pin())).isNotEmpty();
      assertThatThrownBy(() -> round(ground, "untagged " + cgroup.pin()))
          .hasMessage("starts: ended instead of answering");
      // When there is no row
      cgroup.unassign();
      // Then
      assertThat(round(ground, "untagged " + cgroup.pin())).isNotEmpty();
      assertThatThrownBy(() -> round(ground, "tagged " + cgroup.pin()))
          .hasMessage("starts: ended instead of answering");
    }
  }

  private static Map<String, Double> round(Ground ground, String line) {
    try (Contestant starts = StartFigures.contestant(ground, ground.cgroup(), FEW)) {
      return starts.round(line);
    }
  }

  @Test
  void tasksThatHaveNoNumbersAreNotStarted() {
    assertThat(Sleepers.fitting(FEW)).isEqualTo(FEW);
    assertThat(Sleepers.fitting(Integer.MAX_VALUE)).isBetween(1, Integer.MAX_VALUE - 1);
  }

  private static boolean isMeasured(Pairs pairs) {
    return pairs.medianOfSubject() > 0 && pairs.medianOfYardstick() > 0;
  }
}
