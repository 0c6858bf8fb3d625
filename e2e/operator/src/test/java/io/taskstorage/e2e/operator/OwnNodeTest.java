package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.e2e.operator.Http.Reply;
import io.taskstorage.e2e.operator.Http.Request;
import io.taskstorage.testkit.cluster.ApiServerTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent of one node can do to the others, and to itself, with the rights that it has. */
@ApiServerTest
@ExtendWith(Installation.Parameter.class)
@TestInstance(Lifecycle.PER_CLASS)
class OwnNodeTest {

  private final AgentPods agents;

  OwnNodeTest(Installation installation) {
    agents = new AgentPods(installation);
  }

  @BeforeAll
  void twoNodes() {
    agents.addNode("node-a");
    agents.addNode("node-b");
  }

  @AfterAll
  void removeAll() {
    agents.close();
  }

  @ParameterizedTest
  @EnumSource
  void writesTheStatusOfItsOwnNode(Write write) {
    // When
    Reply reply = agents.send(agents.tokenOf("node-a"), write.to(agents.state("node-a")));
    // Then
    assertThat(reply.taken().at("/status/agent/version").asText()).isEqualTo(write.name());
  }

  @ParameterizedTest
  @EnumSource
  void isRefusedTheStatusOfAnother(Write write) {
    expectRefused(
        agents.tokenOf("node-a"), write, "node-b", "the agent of node node-a writes its own only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-a", "node-b"})
  void tokenOfNoPodIsRefused(String node) {
    // A token that somebody made from the account and put into a file.
    expectNoPodOnANode(agents.unboundToken(), node);
  }

  @Test
  void tokenOfANodeIsRefused() {
    expectNoPodOnANode(agents.token("Node", "node-a"), "node-a");
  }

  @Test
  void tokenOfAPodOnNoNodeIsRefused() {
    agents.addPod("pending", "");
    expectNoPodOnANode(agents.tokenOf("pending"), "node-a");
  }

  @Test
  void tokenForAnotherAudienceIsNobodys() {
    expectNobodys(agents.token("Pod", "node-a", "elsewhere"), "node-a");
  }

  @Test
  void tokenEndsWithItsPod() {
    // Given
    agents.addNode("node-c");
    String token = agents.tokenOf("node-c");
    // When
    agents.removeNode("node-c");
    agents.addNode("node-c");
    // Then
    expectNobodys(token, "node-c");
  }

  @Test
  void tokenOfTheNodeThatHadTheNameBeforeIsRefused() {
    // Given: a pod that is still there, of a node that is not
    agents.addNode("node-d");
    agents.addPod("stays", "node-d");
    String token = agents.tokenOf("stays");
    String uid = agents.uid("node-d");
    agents.removeNode("node-d");
    // When
    agents.addNode("node-d");
    // Then
    expectRefused(token, Write.APPLY, "node-d", notOfNode(uid));
    agents.send(agents.tokenOf("node-d"), Write.APPLY.to(agents.state("node-d"))).taken();
  }

  @Test
  void stateThatTheControllerDidNotMakeIsRefused() {
    // Given
    agents.addNodeAlone("node-e");
    agents.addStrayState("node-e");
    agents.addPod("node-e", "node-e");
    // Then
    expectRefused(agents.tokenOf("node-e"), Write.APPLY, "node-e", notOfNode(agents.uid("node-e")));
  }

  @Test
  void statusCarriesNoMetadata() {
    // Given
    ObjectNode state = agents.state("node-a");
    String body =
        """
        {"metadata": {"labels": {"a": "b"}, "ownerReferences": null},
         "status": {"agent": {"version": "1"}}}
        """;
    // When
    agents
        .send(
            agents.tokenOf("node-a"),
            new Request("PATCH", AgentPods.path(state) + "/status", Http.MERGE, body))
        .taken();
    // Then
    ObjectNode written = agents.state("node-a");
    assertThat(written.at("/status/agent/version").asText()).isEqualTo("1");
    assertThat(written.at("/metadata/labels").isMissingNode()).isTrue();
    assertThat(written.at("/metadata/ownerReferences"))
        .isEqualTo(state.at("/metadata/ownerReferences"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/secrets",
        "/api/v1/namespaces/taskstorage-system/secrets",
        "/api/v1/namespaces/taskstorage-system/secrets/any",
        "/api/v1/namespaces/taskstorage-system/configmaps",
        "/api/v1/namespaces/taskstorage-system/serviceaccounts",
        "/api/v1/namespaces/taskstorage-system/pods/node-b/log",
        "/apis/coordination.k8s.io/v1/leases",
        "/apis/events.k8s.io/v1/events",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "/apis/taskstorage.io/v1alpha1/taskstoragenodestates",
        "/metrics"
      })
  void isNotShown(String path) {
    // When
    Reply reply = agents.send(agents.tokenOf("node-a"), Request.of("GET", path));
    // Then
    assertThat(reply.code()).isEqualTo(403);
    assertThat(reply.message())
        .contains(
            "User \"system:serviceaccount:taskstorage-system:taskstorage-agent\" cannot ",
            path.startsWith("/api") ? "resource" : "path");
  }

  private static String notOfNode(String uid) {
    return "it does not belong to the node with UID %s that the token names: wait until the"
            .formatted(uid)
        + " controller has made the one of this node, or restart the pod";
  }

  private void expectNobodys(String token, String node) {
    // When
    Reply reply = agents.send(token, Write.APPLY.to(agents.state(node)));
    // Then
    assertThat(reply.code()).isEqualTo(401);
    assertThat(reply.message()).isEqualTo("Unauthorized");
  }

  private void expectNoPodOnANode(String token, String node) {
    expectRefused(
        token,
        Write.APPLY,
        node,
        "the token names no pod on a node: use the token that the kubelet gives to the agent's"
            + " pod");
  }

  private void expectRefused(String token, Write write, String node, String cause) {
    // Given
    ObjectNode state = agents.state(node);
    // When
    Reply reply = agents.send(token, write.to(state));
    // Then
    assertThat(reply.message()).isEqualTo(AgentPods.refusal(node, cause));
    assertThat(reply.code()).isEqualTo(403);
    assertThat(agents.state(node)).isEqualTo(state);
  }
}
