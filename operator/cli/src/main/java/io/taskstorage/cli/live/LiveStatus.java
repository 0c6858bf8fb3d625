package io.taskstorage.cli.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.StartupTaint;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.cli.live.ApiConnection.Answer;
import io.taskstorage.cli.status.ClusterStatus;
import io.taskstorage.cli.status.ClusterStatus.OfMap;
import io.taskstorage.cli.status.ClusterStatus.OfNode;
import io.taskstorage.cli.status.ClusterStatus.OfPolicy;
import io.taskstorage.console.CommandFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads the statuses of a cluster's maps, policies and nodes. Not thread-safe. */
public final class LiveStatus {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static final TaskStorageMapStatus NO_MAP_STATUS =
      new TaskStorageMapStatus(null, null, null, null, null, null, null, null, null);
  private static final PolicyStatus NO_POLICY_STATUS =
      new PolicyStatus(null, null, null, null, null, null);

  private static final NodeStateStatus NOTHING_REPORTED =
      new NodeStateStatus(null, null, null, null, null);

  private final ApiConnection api;
  private final Optional<String> namespace;
  private final String systemNamespace;
  private final SortedMap<String, OfMap> maps = new TreeMap<>();
  private final List<OfPolicy> policies = new ArrayList<>();
  private final SortedMap<String, OfNode> nodes = new TreeMap<>();
  private final SortedMap<String, NodeStateStatus> nodeStates = new TreeMap<>();
  private final List<String> unread = new ArrayList<>();

  /**
   * Reads by a connection, which stays the caller's to close.
   *
   * @param namespace leaves out all policies but those of this namespace; whoever asks for one
   *     needs no right beyond it, and what may not be read is noted
   * @param systemNamespace where the agents are
   */
  public LiveStatus(ApiConnection api, Optional<String> namespace, String systemNamespace) {
    this.api = api;
    this.namespace = namespace;
    this.systemNamespace = systemNamespace;
  }

  /**
   * Reads all of it.
   *
   * @throws CommandFailure if the cluster cannot be reached, does not know our kinds, or refuses
   */
  public ClusterStatus read() {
    ours("taskstoragemaps", this::map);
    if (namespace.isEmpty()) {
      ours("clustertaskstoragepolicies", item -> policy(ClusterTaskStoragePolicy.KIND, item));
    }
    String inNamespace = ApiConnection.OURS + ofNamespace("taskstoragepolicies");
    refused(inNamespace, api.list(inNamespace, item -> policy(TaskStoragePolicy.KIND, item)));
    ours("taskstoragenodestates", this::nodeState);
    whereAllowed("/api/v1/nodes", this::node);
    Set<String> agents = new HashSet<>();
    boolean isKnown = whereAllowed(AgentPod.path(systemNamespace), pod -> addReady(pod, agents));
    return new ClusterStatus(
        maps,
        policies,
        nodes,
        isKnown ? Optional.of(agents) : Optional.empty(),
        nodeStates,
        nodesByNamespace(),
        unread);
  }

  /** What the agent of one node reports; empty if it has not. */
  public static Optional<NodeStateStatus> nodeState(ApiConnection api, String node) {
    List<NodeStateStatus> found = new ArrayList<>();
    Answer answer =
        api.get(
            ApiConnection.OURS + "taskstoragenodestates/" + ApiConnection.segment(node),
            item -> found.add(read(item.path("status"), NodeStateStatus.class, NOTHING_REPORTED)));
    if (answer instanceof Answer.Forbidden(CommandFailure failure)) {
      throw failure;
    }
    return found.stream().findFirst();
  }

  private String ofNamespace(String plural) {
    return namespace
        .map(name -> "namespaces/%s/%s".formatted(ApiConnection.segment(name), plural))
        .orElse(plural);
  }

  /** Cluster-wide objects of ours; whoever asks for one namespace does without, if need be. */
  private void ours(String plural, Consumer<JsonNode> each) {
    String path = ApiConnection.OURS + plural;
    if (namespace.isPresent()) {
      whereAllowed(path, each);
    } else {
      refused(path, api.list(path, each));
    }
  }

  private void refused(String path, Answer answer) {
    switch (answer) {
      case Answer.Told _ -> {}
      case Answer.Missing _ -> throw api.missing(path);
      case Answer.Forbidden(CommandFailure failure) -> throw failure;
    }
  }

  /** True if it was told; what the account may not read is noted. */
  private boolean whereAllowed(String path, Consumer<JsonNode> each) {
    return switch (api.list(path, each)) {
      case Answer.Told _ -> true;
      case Answer.Missing _ -> throw api.missing(path);
      case Answer.Forbidden _ -> {
        String what = path.replaceFirst("\\?.*", "").replaceFirst(".*/", "");
        unread.add("not looked at, for the account may not list them: " + what);
        yield false;
      }
    };
  }

  private void map(JsonNode item) {
    String name = name(item);
    maps.put(
        name,
        new OfMap(
            name,
            item.at("/metadata/uid").asText(),
            item.at("/metadata/generation").asLong(),
            read(item.at("/spec/nodeSelector"), LabelSelector.class, LabelSelector.EVERYTHING),
            read(item.path("status"), TaskStorageMapStatus.class, NO_MAP_STATUS)));
  }

  private void policy(String kind, JsonNode item) {
    policies.add(
        new OfPolicy(
            kind,
            item.at("/metadata/namespace").asText(""),
            name(item),
            item.at("/metadata/uid").asText(),
            item.at("/metadata/generation").asLong(),
            item.at("/spec/targetRefs/0/name").asText(),
            read(item.path("status"), PolicyStatus.class, NO_POLICY_STATUS)));
  }

  private void nodeState(JsonNode item) {
    nodeStates.put(name(item), read(item.path("status"), NodeStateStatus.class, NOTHING_REPORTED));
  }

  private void node(JsonNode item) {
    Map<String, String> labels = new LinkedHashMap<>();
    item.at("/metadata/labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    boolean startupTaint = false;
    for (JsonNode taint : item.at("/spec/taints")) {
      startupTaint |= StartupTaint.isKey(taint.path("key").asText());
    }
    String bootId = item.at("/status/nodeInfo/bootID").asText("");
    nodes.put(name(item), new OfNode(labels, AgentPod.isReady(item), bootId, startupTaint));
  }

  private static void addReady(JsonNode pod, Set<String> agents) {
    AgentPod agent = AgentPod.of(pod);
    if (agent.ready()) {
      agents.add(agent.node());
    }
  }

  private static String name(JsonNode item) {
    return item.at("/metadata/name").asText();
  }

  /** What a newer version writes in another form counts as absent. */
  private static <T> T read(JsonNode node, Class<T> type, T absent) {
    try {
      return node.isObject() ? MAPPER.treeToValue(node, type) : absent;
    } catch (JsonProcessingException e) {
      return absent;
    }
  }

  /** Where the pods are of those namespaces whose policies are under way. */
  private Map<String, Set<String>> nodesByNamespace() {
    Map<String, Set<String>> known = new HashMap<>();
    for (OfPolicy policy : policies) {
      if (policy.namespace().isEmpty()
          || known.containsKey(policy.namespace())
          || !policy.isUnderWay()) {
        continue;
      }
      Set<String> here = new HashSet<>();
      whereAllowed(
          ApiConnection.podsOf(policy.namespace()),
          pod -> here.add(pod.at("/spec/nodeName").asText()));
      known.put(policy.namespace(), here);
    }
    return known;
  }
}
