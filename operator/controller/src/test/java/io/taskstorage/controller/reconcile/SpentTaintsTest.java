package io.taskstorage.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.controller.watch.SeenNode;
import io.taskstorage.controller.watch.SeenNodeState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a start-up taint has done its service. */
class SpentTaintsTest {
  private static final String BOOT = "3f4a8a3e-5bb5-4c43-8a4b-9e1f6d0f2a77";
  private static final String EARLIER = "11111111-5bb5-4c43-8a4b-9e1f6d0f2a77";

  private static final String OURS = taint("taskstorage.io/agent-not-ready", "");
  private static final Optional<SeenNodeState> ACTED = state("u1", BOOT);

  @Test
  void oursGoOnceTheAgentHasActedOnThisBootAndOthersStay() {
    // Given
    SeenNode node =
        node(
            taint("node.kubernetes.io/not-ready", "")
                + ","
                + OURS
                + ","
                + taint("dedicated", BOOT)
                + ","
                + taint(
                    "startup-taint.cluster-autoscaler.kubernetes.io/taskstorage-agent-not-ready",
                    "")
                + ","
                + taint("taskstorage.io/agent-not-ready/more", ""));
    // When, Then
    assertThat(SpentTaints.of(node, ACTED, true)).containsExactly(3, 1);
  }

  @Test
  void aNodeWithoutThemIsLeftAlone() {
    assertThat(SpentTaints.of(node(taint("dedicated", "")), ACTED, true)).isEmpty();
    assertThat(SpentTaints.of(node(""), ACTED, true)).isEmpty();
  }

  @Test
  void whileTheAgentIsNotReadyTheyStay() {
    assertThat(SpentTaints.of(node(OURS), ACTED, false)).isEmpty();
  }

  @Test
  void whileTheNodeIsNotReadyTheyStay() {
    // Given
    SeenNode node =
        KnownNodes.read(
            """
            {"metadata": {"name": "n", "uid": "u1"}, "spec": {"taints": [%s]},
             "status": {"conditions": [{"type": "Ready", "status": "Unknown"}],
               "nodeInfo": {"bootID": "%s"}}}
            """
                .formatted(OURS, BOOT),
            SeenNode.class);
    // When, Then
    assertThat(SpentTaints.of(node, ACTED, true)).isEmpty();
  }

  @Test
  void untilTheAgentHasReportedTheyStay() {
    // Given
    Optional<SeenNodeState> silent =
        Optional.of(
            KnownNodes.read(
                """
                {"metadata": {"name": "n", "ownerReferences": [{"kind": "Node", "uid": "u1"}]}}
                """,
                SeenNodeState.class));
    // When, Then
    assertThat(SpentTaints.of(node(OURS), Optional.empty(), true)).isEmpty();
    assertThat(SpentTaints.of(node(OURS), silent, true)).isEmpty();
    assertThat(SpentTaints.of(node(OURS), state("u1", ""), true)).isEmpty();
  }

  @Test
  void whatWasReportedOnAnotherBootOrOfAnotherNodeOfTheNameIsNoReport() {
    assertThat(SpentTaints.of(node(OURS), state("u1", EARLIER), true)).isEmpty();
    assertThat(SpentTaints.of(node(OURS), state("u2", BOOT), true)).isEmpty();
  }

  @Test
  void aNodeOfWhoseBootNobodyKnowsKeepsThem() {
    // Given
    SeenNode node = KnownNodes.node("n", "7", "", "[" + OURS + "]");
    // When, Then
    assertThat(SpentTaints.of(node, state("u1", ""), true)).isEmpty();
  }

  @Test
  void oneThatNamesABootWaitsForThatOne() {
    // Given
    SeenNode ofThisBoot = node(taint("taskstorage.io/agent-not-ready", BOOT));
    SeenNode ofTheNext = node(taint("taskstorage.io/agent-not-ready", EARLIER));
    // When, Then
    assertThat(SpentTaints.of(ofThisBoot, ACTED, true)).containsExactly(0);
    assertThat(SpentTaints.of(ofTheNext, ACTED, true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "3f4a8a3e", "waiting-for-the-agent"})
  void anyOtherValueSaysNothing(String value) {
    assertThat(SpentTaints.of(node(taint("taskstorage.io/agent-not-ready", value)), ACTED, true))
        .isEqualTo(List.of(0));
  }

  private static SeenNode node(String taints) {
    return KnownNodes.node("n", "7", BOOT, "[" + taints + "]");
  }

  private static String taint(String key, String value) {
    return "{\"key\": \"%s\", \"value\": \"%s\", \"effect\": \"NoSchedule\"}".formatted(key, value);
  }

  private static Optional<SeenNodeState> state(String owner, String bootId) {
    return Optional.of(KnownNodes.state("n", owner, bootId));
  }
}
