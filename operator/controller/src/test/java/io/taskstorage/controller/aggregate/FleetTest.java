package io.taskstorage.controller.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.controller.world.Scene;
import org.junit.jupiter.api.Test;

/** When counts are worth a write at once. */
class FleetTest {

  private final Scene scene = new Scene();

  @Test
  void stageIsAnotherOnceANodeHasActed() {
    // Given
    int before = stage();
    // When
    scene.node(2).clusterToken = scene.node(2).clusterToken.replace(":4m", ":4");
    int letter = stage();
    scene.node(2).clusterToken = scene.node(2).clusterToken.replace(":4", ":5");
    int generation = stage();
    scene.node(1).entries = new EntryCounts(10, 2, 100L, 1L, 0L);
    int late = stage();
    // Then
    assertThat(new int[] {before, letter, generation, late}).doesNotHaveDuplicates();
  }

  @Test
  void stageStaysWhileTasksComeAndGo() {
    // Given
    int before = stage();
    // When
    scene.node(1).entries = new EntryCounts(11, 3, 900L, 0L, 0L);
    // Then
    assertThat(stage()).isEqualTo(before);
  }

  private int stage() {
    return Worlds.fleet(scene.world()).stage(Scene.MAP_UID);
  }
}
