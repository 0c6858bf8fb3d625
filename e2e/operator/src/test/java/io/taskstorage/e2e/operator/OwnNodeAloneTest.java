package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.taskstorage.e2e.operator.Http.Reply;
import io.taskstorage.e2e.operator.Http.Request;
import io.taskstorage.e2e.operator.Rights.Place;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The policy alone: somebody gave the agents every right on node states by mistake, and still each
 * writes the status of its own and nothing else.
 */
@ApiServerTest
@ExtendWith(Installation.Parameter.class)
@TestInstance(Lifecycle.PER_CLASS)
class OwnNodeAloneTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String MISTAKE = "a-mistake";
  private static final String STATUS_ONLY =
      "an agent writes its status only: the controller makes and removes the object";

  private final Installation installation;
  private final KubernetesClient client;
  private final AgentPods agents;

  OwnNodeAloneTest(Installation installation) {
    this.installation = installation;
    client = installation.client();
    agents = new AgentPods(installation);
  }

  @BeforeAll
  void giveEveryRight() {
    agents.addNode("node-a");
    agents.addNode("node-b");
    ClusterRole role =
        new ClusterRoleBuilder()
            .withNewMetadata()
            .withName(MISTAKE)
            .endMetadata()
            .addNewRule()
            .withApiGroups("taskstorage.io")
            .withResources("taskstoragenodestates", "taskstoragenodestates/*")
            .withVerbs("*")
            .endRule()
            .build();
    ClusterRoleBinding binding =
        new ClusterRoleBindingBuilder()
            .withNewMetadata()
            .withName(MISTAKE)
            .endMetadata()
            .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", MISTAKE)
            .addNewSubject("", "ServiceAccount", "taskstorage-agent", Installation.NAMESPACE)
            .build();
    client.resource(role).create();
    client.resource(binding).create();
    awaitMayDelete(true);
  }

  @AfterAll
  void takeItBack() {
    client.rbac().clusterRoleBindings().withName(MISTAKE).delete();
    client.rbac().clusterRoles().withName(MISTAKE).delete();
    awaitMayDelete(false);
    agents.close();
  }

  /** The authorizer hears of roles in its own time. */
  private void awaitMayDelete(boolean expected) {
    Rights rights =
        new Rights(client, Account.service(Installation.NAMESPACE, "taskstorage-agent"));
    Resource states = new Resource("taskstorage.io", "taskstoragenodestates", false);
    await()
        .atMost(PATIENCE)
        .until(() -> rights.may("delete", states, Place.EVERYWHERE) == expected);
  }

  /** What is done to a whole object. */
  enum Attack {
    DELETE(state -> Request.of("DELETE", AgentPods.path(state))),
    DELETE_COLLECTION(
        state ->
            Request.of(
                "DELETE",
                AgentPods.PATH
                    + "?fieldSelector=metadata.name%3D"
                    + state.at("/metadata/name").asText())),
    LABEL(state -> patch(state, Http.MERGE, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")),
    DISOWN(
        state ->
            patch(
                state,
                Http.JSON_PATCH,
                "[{\"op\":\"remove\",\"path\":\"/metadata/ownerReferences\"}]")),
    ADD_FINALIZER(
        state -> patch(state, Http.MERGE, "{\"metadata\":{\"finalizers\":[\"example.com/a\"]}}")),
    REPLACE(
        state -> new Request("PUT", AgentPods.path(state), Http.JSON, labelled(state).toString())),
    APPLY(
        state ->
            new Request(
                "PATCH",
                AgentPods.path(state) + "?fieldManager=taskstorage-agent&force=true",
                Http.APPLY,
                applied(labelled(state)).toString()));

    @SuppressWarnings("ImmutableEnumChecker") // Each is a lambda that holds nothing.
    private final Function<ObjectNode, Request> request;

    Attack(Function<ObjectNode, Request> request) {
      this.request = request;
    }

    private static Request patch(ObjectNode state, String type, String body) {
      return new Request("PATCH", AgentPods.path(state), type, body);
    }

    private static ObjectNode labelled(ObjectNode state) {
      ObjectNode labelled = state.deepCopy();
      labelled.withObject("/metadata/labels").put("a", "b");
      return labelled;
    }

    private static ObjectNode applied(ObjectNode state) {
      ObjectNode applied = state.deepCopy();
      applied.withObject("/metadata").retain("name", "labels");
      return applied;
    }
  }

  @ParameterizedTest
  @EnumSource
  void itsOwnIsNotTouched(Attack attack) {
    expectRefused(attack, "node-a");
  }

  @ParameterizedTest
  @EnumSource
  void anotherIsNotTouched(Attack attack) {
    expectRefused(attack, "node-b");
  }

  private void expectRefused(Attack attack, String node) {
    // Given
    ObjectNode state = agents.state(node);
    // When
    Reply reply = asAgentOfA(attack.request.apply(state));
    // Then: the server does not name the objects of a collection
    String named = attack == Attack.DELETE_COLLECTION ? "Unknown" : node;
    assertThat(reply.message()).isEqualTo(AgentPods.refusal(named, node, STATUS_ONLY));
    assertThat(reply.code()).isEqualTo(403);
    assertThat(agents.state(node)).isEqualTo(state);
  }

  @Test
  void notAllAreDeleted() {
    // When
    Reply reply = asAgentOfA(Request.of("DELETE", AgentPods.PATH));
    // Then: whichever came first
    assertThat(reply.message())
        .isIn(
            AgentPods.refusal("Unknown", "node-a", STATUS_ONLY),
            AgentPods.refusal("Unknown", "node-b", STATUS_ONLY));
    assertThat(agents.state("node-a")).isNotEmpty();
    assertThat(agents.state("node-b")).isNotEmpty();
  }

  @Test
  void noneIsCreated() {
    // Given
    ObjectNode made = agents.state("node-a");
    made.putObject("metadata").put("name", "node-c");
    String path = AgentPods.path(made);
    // When
    Reply created = asAgentOfA(new Request("POST", AgentPods.PATH, Http.JSON, made.toString()));
    Reply applied =
        asAgentOfA(new Request("PATCH", path + "?fieldManager=x", Http.APPLY, made.toString()));
    // Then
    assertThat(created.message()).isEqualTo(AgentPods.refusal("node-c", STATUS_ONLY));
    assertThat(applied.message()).isEqualTo(AgentPods.refusal("node-c", STATUS_ONLY));
    assertThat(asAgentOfA(Request.of("GET", path)).code()).isEqualTo(404);
  }

  @ParameterizedTest
  @EnumSource
  void statusOfAnotherIsNotWritten(Write write) {
    // When
    Reply reply = asAgentOfA(write.to(agents.state("node-b")));
    // Then
    assertThat(reply.message())
        .isEqualTo(AgentPods.refusal("node-b", "the agent of node node-a writes its own only"));
  }

  @Test
  void whoIsNoAgentIsNotHeldBack() {
    // Given
    String controller =
        installation
            .server()
            .kubectl("create", "token", "taskstorage-controller", "-n", Installation.NAMESPACE)
            .stdoutIfDone()
            .strip();
    ObjectNode made = agents.state("node-a");
    made.putObject("metadata").put("name", "node-c");
    // Then
    agents
        .send(controller, new Request("POST", AgentPods.PATH, Http.JSON, made.toString()))
        .taken();
    agents.send(controller, Request.of("DELETE", AgentPods.path(made))).taken();
  }

  private Reply asAgentOfA(Request request) {
    return agents.send(agents.tokenOf("node-a"), request);
  }
}
