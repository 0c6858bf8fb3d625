package io.taskstorage.e2e.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.taskstorage.e2e.operator.Http.Reply;
import io.taskstorage.e2e.operator.Http.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Nodes with their state objects and their agents' pods, as kubelets and controller make them, and
 * the tokens that such pods have. Closing it takes all of them away.
 */
final class AgentPods implements AutoCloseable {

  private static final String ACCOUNT = "taskstorage-agent";
  private static final long PATIENCE_SECONDS = 120;

  /** Where the server has the states. */
  static final String PATH = "/apis/taskstorage.io/v1alpha1/taskstoragenodestates";

  private final Installation installation;
  private final KubernetesClient client;
  private final Deque<HasMetadata> made = new ArrayDeque<>();
  private final Map<String, String> uids = new HashMap<>();

  AgentPods(Installation installation) {
    this.installation = installation;
    this.client = installation.client();
  }

  /** A node, the state that the controller makes for it, and the pod of its agent. */
  void addNode(String node) {
    addNodeAlone(node);
    addState(node, uid(node));
    addPod(node, node);
  }

  /** A node that nobody knows yet. */
  void addNodeAlone(String node) {
    HasMetadata stored =
        create(
            new NodeBuilder()
                .withNewMetadata()
                .withName(node)
                .addToLabels("kubernetes.io/hostname", node)
                .endMetadata()
                .build());
    uids.put(node, stored.getMetadata().getUid());
  }

  /** The state of a node, as the controller makes it. */
  private void addState(String node, String nodeUid) {
    create(
        new ObjectMetaBuilder()
            .withName(node)
            .addNewOwnerReference()
            .withApiVersion("v1")
            .withKind("Node")
            .withName(node)
            .withUid(nodeUid)
            .endOwnerReference()
            .build());
  }

  /** A state that nobody owns, under the name of a node. */
  void addStrayState(String node) {
    create(new ObjectMetaBuilder().withName(node).build());
  }

  private void create(ObjectMeta metadata) {
    GenericKubernetesResource state = new GenericKubernetesResource();
    state.setApiVersion("taskstorage.io/v1alpha1");
    state.setKind("TaskStorageNodeState");
    state.setMetadata(metadata);
    create(state);
  }

  /** A pod of the agent's account on a node; on none yet if {@code node} is empty. */
  void addPod(String name, String node) {
    create(
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(Installation.NAMESPACE)
            .addToLabels("app.kubernetes.io/name", "task-storage-operator")
            .addToLabels("app.kubernetes.io/component", "agent")
            .endMetadata()
            .withNewSpec()
            .withServiceAccountName(ACCOUNT)
            .withNodeName(node)
            // Else the scheduler puts the pod of no node somewhere.
            .addToNodeSelector("kubernetes.io/hostname", node)
            .addNewContainer()
            .withName("agent")
            .withImage("agent")
            .endContainer()
            .endSpec()
            .build());
  }

  private HasMetadata create(HasMetadata object) {
    HasMetadata stored = client.resource(object).create();
    made.push(stored);
    return stored;
  }

  /** Takes away what was made for a node, as if it had left the cluster. */
  void removeNode(String node) {
    for (HasMetadata object : List.copyOf(made)) {
      if (object.getMetadata().getName().equals(node)) {
        remove(object);
        made.remove(object);
      }
    }
  }

  /** The token that the kubelet gives to the pod. */
  String tokenOf(String pod) {
    return token("Pod", pod);
  }

  /** A token of the agent's account that is bound to an object of this kind. */
  String token(String kind, String name, String... audiences) {
    return token(
        new TokenRequestBuilder()
            .withNewSpec()
            .withAudiences(audiences)
            .withNewBoundObjectRef("v1", kind, name, null)
            .endSpec()
            .build());
  }

  /** A token of the agent's account that is bound to nothing. */
  String unboundToken() {
    return token(new TokenRequestBuilder().withNewSpec().endSpec().build());
  }

  private String token(TokenRequest request) {
    return client
        .serviceAccounts()
        .inNamespace(Installation.NAMESPACE)
        .withName(ACCOUNT)
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }

  /** The UID of a node, also of one that is gone. */
  String uid(String node) {
    return Objects.requireNonNull(uids.get(node), node);
  }

  /** The stored state of a node. */
  ObjectNode state(String node) {
    String state = Objects.requireNonNull(client.raw(PATH + "/" + node), "no state of " + node);
    return Serialization.unmarshal(state, ObjectNode.class);
  }

  /** Where the server has it. */
  static String path(ObjectNode state) {
    return PATH + "/" + state.at("/metadata/name").asText();
  }

  /** What the server says where the policy refuses to write the state of a node. */
  static String refusal(String node, String cause) {
    return refusal(node, node, cause);
  }

  /** The same, where the server itself calls the object otherwise. */
  static String refusal(String named, String node, String cause) {
    return ("taskstoragenodestates.taskstorage.io \"%s\" is forbidden: ValidatingAdmissionPolicy"
            + " 'own-node.taskstorage.io' with binding 'own-node.taskstorage.io' denied request:"
            + " write TaskStorageNodeState %s: %s")
        .formatted(named, node, cause);
  }

  /** What the server says to whoever has the token. */
  Reply send(String token, Request request) {
    return installation.http().send(token, request);
  }

  /** The UID of the FlowSchema that takes what the agent of a node asks. */
  String flowSchemaOf(String node) {
    return send(tokenOf(node), Request.of("GET", PATH + "/" + node)).flowSchema();
  }

  @Override
  public void close() {
    while (!made.isEmpty()) {
      remove(made.pop());
    }
  }

  private void remove(HasMetadata object) {
    var resource = client.resource(object);
    resource.withGracePeriod(0).delete();
    resource.waitUntilCondition(
        found ->
            found == null || !found.getMetadata().getUid().equals(object.getMetadata().getUid()),
        PATIENCE_SECONDS,
        TimeUnit.SECONDS);
  }
}
