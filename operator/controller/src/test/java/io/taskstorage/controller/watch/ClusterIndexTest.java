package io.taskstorage.controller.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.taskstorage.controller.aggregate.NodeView;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an event makes of the fleet, and whether it is one that statuses depend on. */
class ClusterIndexTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ClusterIndex index = new ClusterIndex();

  @Test
  void nodeIsAvailableWhenItAndOneOfItsAgentsAreReady() throws IOException {
    // Given
    index.node("n", node("True"));
    // When
    boolean first = index.agent("n", "ns/old", true);
    boolean second = index.agent("n", "ns/new", true);
    boolean oldGone = index.agent("n", "ns/old", null);
    boolean newUnready = index.agent("n", "ns/new", false);
    // Then
    assertThat(List.of(first, second, oldGone, newUnready))
        .containsExactly(true, false, false, true);
    assertThat(only().isAvailable()).isFalse();
  }

  @Test
  void reportOfAnUnknownNodeWaitsForIt() throws IOException {
    // Given
    SeenNodeState state = stateOf("u");
    // When
    boolean before = index.state("n", state);
    boolean then = index.node("n", node("False"));
    // Then
    assertThat(List.of(before, then)).containsExactly(false, true);
    assertThat(only().report()).isPresent().isEqualTo(state.report());
    assertThat(only().ready()).isFalse();
  }

  @Test
  void reportOfAnEarlierNodeOfTheNameIsNotTheLaterOnes() throws IOException {
    // Given
    index.node("n", node("True"));
    // When
    index.state("n", stateOf("another-uid"));
    // Then
    assertThat(only().report()).isEmpty();
    // When its own has come
    assertThat(index.state("n", stateOf("u"))).isTrue();
    // Then
    assertThat(only().report()).isPresent();
  }

  @Test
  void heartbeatChangesNothing() throws IOException {
    // Given
    index.node("n", node("True"));
    // Then
    assertThat(index.node("n", node("True"))).isFalse();
    assertThat(index.node("n", null)).isTrue();
    assertThat(index.size()).isZero();
  }

  @Test
  void podIsReadWithoutWhatIsNotNeeded() throws IOException {
    // Given
    String text =
        """
        {"kind": "Pod", "metadata": {"managedFields": [{"a": {"b": []}}], "name": "p",
          "namespace": "shop", "uid": "u", "resourceVersion": "7", "labels": {"a": "b"}},
         "spec": {"containers": [{"name": "x", "nodeName": "no"}], "nodeName": "n"},
         "status": {"phase": "Running", "conditions": [{"type": "PodScheduled", "status": "True"},
           {"status": "True", "type": "Ready"}]}}
        """;
    // When
    SeenPod pod = MAPPER.readValue(text, SeenPod.class);
    // Then
    assertThat(pod.key()).isEqualTo("shop/p");
    assertThat(pod.node()).isEqualTo("n");
    assertThat(pod.ready()).isTrue();
    assertThat(pod.getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(pod.uid()).isEmpty();
  }

  @Test
  void nodeIsReadWithItsTaintsAndItsBoot() throws IOException {
    // Given
    String text =
        """
        {"kind": "Node", "metadata": {"name": "n", "uid": "u", "resourceVersion": "7"},
         "spec": {"podCIDR": "192.0.2.0/24", "taints": [
           {"key": "a", "value": "x", "effect": "NoExecute", "timeAdded": "2026-01-02T03:04:05Z"},
           {"effect": "NoSchedule", "key": "b"}]},
         "status": {"nodeInfo": {"machineID": "m", "bootID": "boot", "swap": {"bootID": "no"}},
           "conditions": [{"type": "Ready", "status": "True"}]}}
        """;
    // When
    SeenNode node = MAPPER.readValue(text, SeenNode.class);
    // Then
    assertThat(node.taints())
        .containsExactly(
            new SeenTaint("a", "x", "NoExecute", "2026-01-02T03:04:05Z"),
            new SeenTaint("b", "", "NoSchedule", ""));
    assertThat(node.bootId()).isEqualTo("boot");
    assertThat(node.ready()).isTrue();
  }

  @Test
  void agentIsReadyOnANodeWhileOneOfThemIs() {
    // When
    index.agent("n", "ns/old", true);
    index.agent("n", "ns/new", false);
    // Then
    assertThat(index.hasReadyAgent("n")).isTrue();
    index.agent("n", "ns/old", null);
    assertThat(index.hasReadyAgent("n")).isFalse();
    assertThat(index.hasReadyAgent("elsewhere")).isFalse();
  }

  @Test
  void bootOfAStateIsTheAgents() throws IOException {
    // Given
    String text = "{\"metadata\": {\"name\": \"n\"}, \"status\": {\"agent\": {\"bootID\": \"b\"}}}";
    // When, Then
    assertThat(MAPPER.readValue(text, SeenNodeState.class).bootId()).isEqualTo("b");
    assertThat(MAPPER.readValue("{\"metadata\": {}}", SeenNodeState.class).bootId()).isEmpty();
  }

  @Test
  void unreadableReportIsNone() throws IOException {
    // Given
    String text =
        "{\"metadata\": {\"name\": \"n\", \"ownerReferences\": [{\"kind\": \"Node\", \"uid\":"
            + " \"u\"}]}, \"status\": {\"maps\": 7}}";
    // When
    SeenNodeState state = MAPPER.readValue(text, SeenNodeState.class);
    // Then
    assertThat(state.report()).isEmpty();
    assertThat(state.ownerUid()).isEqualTo("u");
  }

  private NodeView only() {
    return index.nodes().getFirst();
  }

  private static SeenNodeState stateOf(String node) throws IOException {
    return MAPPER.readValue(
        """
        {"metadata": {"name": "n", "ownerReferences": [{"kind": "Node", "uid": "%s"}]},
         "status": {"maps": []}}
        """
            .formatted(node),
        SeenNodeState.class);
  }

  private static SeenNode node(String ready) throws IOException {
    return MAPPER.readValue(
        """
        {"metadata": {"name": "n", "uid": "u"},
         "status": {"conditions": [{"type": "Ready", "status": "%s"}]}}
        """
            .formatted(ready),
        SeenNode.class);
  }
}
