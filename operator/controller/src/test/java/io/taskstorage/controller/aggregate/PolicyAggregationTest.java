package io.taskstorage.controller.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.controller.world.Scene;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a policy's status remembers of the one before. */
class PolicyAggregationTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final Scene scene = new Scene();

  @Test
  void acceptedAgainItWaitsForEveryNodeAgain() {
    // Given
    look();
    assertThat(scene.cluster.getStatus().programmedGeneration()).isEqualTo(4);
    // When its map goes
    scene.hasMap = false;
    look();
    // Then
    assertThat(scene.cluster.getStatus().programmedGeneration()).isNull();
    // When the map is back, and no node has acted on it yet
    scene.hasMap = true;
    scene.nodes.values().forEach(node -> node.reports = false);
    look();
    // Then
    assertThat(ready()).isEqualTo("Reconciling");
  }

  @Test
  void refusedItKeepsWhatAnEarlierGenerationWas() {
    // Given
    look();
    // When
    scene.cluster.getMetadata().setGeneration(5L);
    scene.hasMap = false;
    look();
    // Then
    assertThat(scene.cluster.getStatus().programmedGeneration()).isEqualTo(4);
  }

  @Test
  void aMapMadeAnewIsWaitedForOnEveryNode() {
    // Given
    look();
    lookAtMap();
    look();
    assertThat(ready()).isEqualTo("Programmed");
    // When nobody looked between its end and its new beginning, which has no status yet, and one
    // node has acted on it so far
    scene.map.setStatus(null);
    scene.nodes.values().stream().skip(1).forEach(node -> node.reports = false);
    look();
    // Then
    assertThat(ready()).isEqualTo("Reconciling");
    assertThat(scene.cluster.getStatus().programmedGeneration()).isNull();
  }

  private void lookAtMap() {
    scene.map.setStatus(
        Worlds.judge(scene.world()).status(scene.map, Worlds.fleet(scene.world()), NOW));
  }

  private void look() {
    PolicyStatus status =
        Worlds.judge(scene.world()).status(scene.cluster, Worlds.fleet(scene.world()), NOW);
    scene.cluster.setStatus(status);
  }

  private String ready() {
    return Objects.requireNonNullElse(scene.cluster.getStatus().conditions(), List.<Condition>of())
        .stream()
        .filter(condition -> Condition.READY.equals(condition.type()))
        .map(condition -> String.valueOf(condition.reason()))
        .findFirst()
        .orElseThrow();
  }
}
