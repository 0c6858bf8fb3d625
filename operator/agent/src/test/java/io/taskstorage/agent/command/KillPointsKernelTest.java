package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An agent is killed at each point of {@code points.txt}, while tasks start in the cgroups that it
 * has given values. Until the next one comes no start is without its value, and one turn of that
 * one leaves what an undisturbed agent leaves.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KillPointsKernelTest {
  /** What an agent leaves that nobody kills. */
  private final Map<KillStory, List<String>> undisturbed = new EnumMap<>(KillStory.class);

  /** Of all stories: words that agents leave follow from the paths of cgroups. */
  private CgroupSandbox cgroups;

  private Path woven;

  @BeforeAll
  void weave(CgroupSandbox sandbox, @TempDir Path folder) {
    cgroups = sandbox;
    woven = folder;
    Weaving.write(KillPoint.all(), folder);
  }

  static Stream<KillStory> stories() {
    return points().map(KillPoint::story).distinct();
  }

  @ParameterizedTest
  @MethodSource("stories")
  @Order(1)
  void anAgentThatNobodyKillsComesByEveryPoint(
      KillStory story, @BpffsMount Path bpffs, @TempDir Path folder) {
    // Given
    List<KillPoint> points =
        KillPoint.all().stream().filter(point -> point.story() == story).toList();
    assertThat(points).isNotEmpty();
    try (KillBed bed = new KillBed(story, woven, folder, bpffs, cgroups.create("node"))) {
      // When
      try (Child agent = bed.begin(Optional.empty())) {
        bed.changeIfRunning();

        // Then
        bed.awaitTurn(points);
        bed.nothingOlder();
        KillBed.kill(agent);
      }
      undisturbed.put(story, bed.state());
      bed.clean();
    }
  }

  static Stream<KillPoint> points() {
    return KillPoint.wanted().filter(point -> point.story() != KillStory.NAMESPACE_CHANGES);
  }

  @ParameterizedTest
  @MethodSource("points")
  @Order(2)
  void killedThereItIsMendedByOneTurn(
      KillPoint point, @BpffsMount Path bpffs, @TempDir Path folder) {
    // Given
    if (!undisturbed.containsKey(point.story())) {
      Path other = folder.resolve("undisturbed");
      anAgentThatNobodyKillsComesByEveryPoint(point.story(), bpffs, KillBed.newFolder(other));
    }
    try (KillBed bed = new KillBed(point.story(), woven, folder, bpffs, cgroups.create("node"))) {
      // When
      try (Child agent = bed.begin(Optional.of(point))) {
        bed.changeIfRunning();
        KillBed.awaitDeath(agent);
      }

      // Then
      bed.assertStartsAreRight();

      // When
      bed.mend();

      // Then
      bed.nothingOlder();
      assertThat(bed.state()).isEqualTo(undisturbed.get(point.story()));
      bed.clean();
    }
  }
}
