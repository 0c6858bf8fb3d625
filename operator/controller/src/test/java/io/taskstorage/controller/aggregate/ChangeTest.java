package io.taskstorage.controller.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import io.taskstorage.controller.world.Scene;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which differences are worth a write at once. */
class ChangeTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final Scene scene = new Scene();

  @Test
  void sameStatusIsNone() {
    // Given
    TaskStorageMapStatus before = ofMap();
    scene.map.setStatus(before);
    // When
    Change change = Change.between(before, ofMapLater());
    // Then
    assertThat(change).isEqualTo(Change.NONE);
  }

  @Test
  void firstStatusIsReal() {
    assertThat(Change.between((TaskStorageMapStatus) null, ofMap())).isEqualTo(Change.REAL);
    assertThat(Change.between((PolicyStatus) null, ofPolicy())).isEqualTo(Change.REAL);
  }

  @Test
  void tasksAndPodsThatComeAndGoAreCounts() {
    // Given
    TaskStorageMapStatus before = ofMap();
    scene.map.setStatus(before);
    scene.node(1).entries = new EntryCounts(11, 3, 900L, 0L, 0L);
    // When
    Change change = Change.between(before, ofMapLater());
    // Then
    assertThat(change).isEqualTo(Change.COUNTS);
  }

  @Test
  void lateAndFailedTasksAreReal() {
    // Given
    TaskStorageMapStatus before = ofMap();
    scene.map.setStatus(before);
    // When
    scene.node(1).entries = new EntryCounts(10, 2, 100L, 1L, 0L);
    Change late = Change.between(before, ofMapLater());
    scene.node(1).entries = new EntryCounts(10, 2, 100L, 0L, 1L);
    Change failed = Change.between(before, ofMapLater());
    // Then
    assertThat(List.of(late, failed)).containsExactly(Change.REAL, Change.REAL);
  }

  @Test
  void morePodsWithZeroAreCountsAndAnotherKindOfFailureIsReal() {
    // Given
    scene.node(1).failures = failures("MissingKey", 1, "shop/a");
    PolicyStatus before = ofPolicy();
    scene.policy.setStatus(before);
    // When
    scene.node(1).failures = failures("MissingKey", 2, "shop/b");
    Change more = Change.between(before, ofPolicy());
    scene.node(1).failures = failures("DoesNotFit", 1, "shop/a");
    Change other = Change.between(before, ofPolicy());
    // Then
    assertThat(List.of(more, other)).containsExactly(Change.COUNTS, Change.REAL);
  }

  private static List<NodeFailure> failures(String reason, int pods, String examplePod) {
    return List.of(new NodeFailure("shop/checkout", "qos", reason, pods, examplePod));
  }

  private TaskStorageMapStatus ofMap() {
    return Worlds.judge(scene.world()).status(scene.map, Worlds.fleet(scene.world()), NOW);
  }

  private TaskStorageMapStatus ofMapLater() {
    return Worlds.judge(scene.world())
        .status(scene.map, Worlds.fleet(scene.world()), NOW.plusSeconds(600));
  }

  private PolicyStatus ofPolicy() {
    return Worlds.judge(scene.world()).status(scene.policy, Worlds.fleet(scene.world()), NOW);
  }
}
