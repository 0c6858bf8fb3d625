package io.taskstorage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.taskstore.Plane;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured is what the figures say, with few tasks; the times themselves say nothing. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class PlaneFiguresKernelTest {
  private static final int FEW = 20;

  /** PID_MAX_LIMIT of 64 bit kernels. */
  private static final int LARGEST_PID_MAX = 4_194_304;

  private static final String ONE_ANSWER = "fork=[0-9.]+ vfork=[0-9.]+ thread=[0-9.]+\n";
  private static final List<String> PASSES = List.of("create", "overwrite", "verify", "delete");

  @Test
  void everyPassIsMeasuredOnBothPlanesAndInC() {
    try (Ground ground = Ground.make()) {
      // When
      Map<String, Pairs> planes = PlaneFigures.sweeps(ground, FEW, 2);
      Map<String, Pairs> pidfd = PlaneFigures.sweepsAgainstPidfd(ground, FEW, 2);
      Map<String, Pairs> iterator = PlaneFigures.sweepsAgainstIterator(ground, FEW, 2);

      // Then
      assertThat(planes).containsOnlyKeys(PASSES);
      assertThat(pidfd).containsOnlyKeys(PASSES);
      assertThat(iterator).containsOnlyKeys(PASSES);
      assertThat(planes.values()).allMatch(PlaneFiguresKernelTest::isMeasured);
      assertThat(pidfd.values()).allMatch(PlaneFiguresKernelTest::isMeasured);
      assertThat(iterator.values()).allMatch(PlaneFiguresKernelTest::isMeasured);
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
              "newtask, 1 map",
              "wakeup, 1 map",
              "a start, 1 map",
              "newtask, 16 maps",
              "wakeup, 16 maps",
              "a start, 16 maps");
      assertThat(runs.values()).allMatch(PlaneFiguresKernelTest::isMeasured);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"IN_KERNEL", "RESCAN"})
  void passesThatDidNotReachEveryTaskAreNoFigures(Plane plane) {
    try (Ground ground = Ground.make();
        Sleepers _ = Sleepers.start(ground, FEW)) {
      assertThatThrownBy(() -> loop(ground, "sweep", plane, FEW + 1))
          .hasMessage("sweep of 21 tasks: 20 deleted: what is measured is something else");
      assertThatThrownBy(() -> loop(ground, "change", plane, FEW + 1))
          .hasMessage("sweep of 21 tasks: 20 overwritten: what is measured is something else");
    }
  }

  private static void loop(Ground ground, String work, Plane plane, int tasks) {
    PlaneLoop.main(PlaneFigures.arguments(ground, work, plane, tasks).toArray(String[]::new));
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
      // When there is a row
      Outcome tagged = round(ground, "tagged " + cgroup.pin());
      Outcome notUntagged = round(ground, "untagged " + cgroup.pin());
      // When there is none
      cgroup.unassign();
      Outcome untagged = round(ground, "untagged " + cgroup.pin());
      Outcome notTagged = round(ground, "tagged " + cgroup.pin());

      // Then
      assertThat(tagged.stdoutIfDone()).matches(ONE_ANSWER);
      assertThat(untagged.stdoutIfDone()).matches(ONE_ANSWER);
      assertThat(notUntagged.stderr()).isEqualTo("starts: a new process has an entry\n");
      assertThat(notTagged.stderr()).isEqualTo("starts: a new process has no entry\n");
      assertThat(List.of(notTagged, notUntagged)).allMatch(outcome -> outcome.exitCode() == 1);
    }
  }

  private static Outcome round(Ground ground, String line) {
    return Command.of(StartFigures.command(ground, ground.cgroup(), FEW)).input(line + "\n").run();
  }

  @Test
  void asManyTasksAreStartedAsThereAreNumbersFor() {
    assertThat(Sleepers.fitting(50_000, 4_194_304, 600)).isEqualTo(50_000);
    assertThat(Sleepers.fitting(50_000, 32_768, 600)).isEqualTo(30_000);
    assertThat(Sleepers.fitting(50_000, 32_768, 32_000)).isZero();
  }

  @Test
  void thereAreAsManyNumbersAsBeforeWhenTheGroundIsCleared() {
    // Given
    int before = Sysctl.read(Sysctl.PID_MAX);
    int more = Math.min(before + 1, LARGEST_PID_MAX);
    try (Ground ground = Ground.make()) {
      // When
      ground.raisePidMax(1);
      int untouched = Sysctl.read(Sysctl.PID_MAX);
      ground.raisePidMax(more);
      // Then
      assertThat(untouched).isEqualTo(before).isGreaterThan(300);
      assertThat(Sysctl.read(Sysctl.PID_MAX)).isEqualTo(more);
    }
    assertThat(Sysctl.read(Sysctl.PID_MAX)).isEqualTo(before);
  }

  private static boolean isMeasured(Pairs pairs) {
    return pairs.medianOfSubject() > 0 && pairs.medianOfYardstick() > 0;
  }
}
