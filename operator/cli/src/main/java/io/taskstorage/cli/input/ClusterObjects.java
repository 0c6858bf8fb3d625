package io.taskstorage.cli.input;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.api.manifest.Parts;
import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.ContainerKind;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects what the API's own objects say. Not thread-safe. */
public final class ClusterObjects {
  /** All that is looked at. */
  static final Parts PARTS =
      Parts.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "metadata.labels",
          "metadata.annotations",
          "spec.nodeName",
          "spec.serviceAccountName",
          "spec.initContainers.name",
          "spec.initContainers.image",
          "spec.initContainers.restartPolicy",
          "spec.containers.name",
          "spec.containers.image",
          "spec.ephemeralContainers.name",
          "spec.ephemeralContainers.image",
          "status.phase");

  /** What a pod runs as where its spec says nothing: the API server's admission writes it. */
  private static final String DEFAULT_ACCOUNT = "default";

  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private final String defaultNamespace;
  private final SortedMap<String, NamespaceFacts> namespaces = new TreeMap<>();
  private final SortedMap<String, NodeFacts> nodes = new TreeMap<>();
  private final SortedMap<String, PodDescription> pods = new TreeMap<>();
  // Thousands of pods say the same few words.
  private final Map<String, String> words = new HashMap<>();

  /** Collects; an object that names no namespace is in the given one. */
  public ClusterObjects(String defaultNamespace) {
    this.defaultNamespace = defaultNamespace;
  }

  /**
   * Takes an object of version v1.
   *
   * @return what is wrong with it; empty if nothing is, or if it is of no interest
   */
  public Optional<String> add(String kind, JsonNode object) {
    String name = text(object.path("metadata").path("name"));
    if (isOfInterest(kind) && name.isEmpty()) {
      return Optional.of("metadata.name: missing: name the object");
    }
    // So that namespace/name says one pod.
    for (String part : List.of("name", "namespace")) {
      if (isOfInterest(kind) && object.path("metadata").path(part).asText("").contains("/")) {
        return Optional.of(
            "metadata.%s: has a slash, which no cluster takes".formatted(part)
                + ": write the name alone");
      }
    }
    return switch (kind) {
      case "Namespace" -> put(namespaces, name, new NamespaceFacts(name, labels(object)));
      case "Node" -> put(nodes, name, new NodeFacts(name, labels(object)));
      case "Pod" -> {
        PodDescription pod = pod(name, object);
        yield ENDED.contains(object.path("status").path("phase").asText(""))
            ? Optional.empty()
            : put(pods, pod.namespace() + "/" + pod.name(), pod);
      }
      default -> Optional.empty();
    };
  }

  /** True for the kinds that policies can ask of. */
  public static boolean isOfInterest(String kind) {
    return kind.equals("Pod") || kind.equals("Namespace") || kind.equals("Node");
  }

  /** What was collected so far. */
  public ClusterFacts facts() {
    return new ClusterFacts(namespaces, nodes, pods);
  }

  /** Saying the same twice is harmless. */
  private static <V> Optional<String> put(Map<String, V> into, String name, V facts) {
    V other = into.putIfAbsent(name, facts);
    return other == null || other.equals(facts)
        ? Optional.empty()
        : Optional.of("%s is described twice, not alike: remove one of them".formatted(name));
  }

  private PodDescription pod(String name, JsonNode object) {
    JsonNode metadata = object.path("metadata");
    JsonNode spec = object.path("spec");
    String account = text(spec.path("serviceAccountName"));
    List<ContainerFacts> containers = new ArrayList<>();
    for (JsonNode container : spec.path("initContainers")) {
      boolean stays = container.path("restartPolicy").asText("").equals("Always");
      containers.add(container(container, stays ? ContainerKind.SIDECAR : ContainerKind.INIT));
    }
    spec.path("containers").forEach(each -> containers.add(container(each, ContainerKind.REGULAR)));
    spec.path("ephemeralContainers")
        .forEach(each -> containers.add(container(each, ContainerKind.EPHEMERAL)));
    String namespace = text(metadata.path("namespace"));
    return new PodDescription(
        namespace.isEmpty() ? defaultNamespace : namespace,
        name,
        metadata.path("uid").asText(""),
        texts(metadata.path("labels")),
        texts(metadata.path("annotations")),
        account.isEmpty() ? DEFAULT_ACCOUNT : account,
        text(spec.path("nodeName")),
        containers);
  }

  private ContainerFacts container(JsonNode container, ContainerKind kind) {
    return new ContainerFacts(text(container.path("name")), text(container.path("image")), kind);
  }

  private Map<String, String> labels(JsonNode object) {
    return texts(object.path("metadata").path("labels"));
  }

  private Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties().forEach(entry -> texts.put(shared(entry.getKey()), text(entry.getValue())));
    return texts;
  }

  private String text(JsonNode node) {
    return shared(node.asText(""));
  }

  private String shared(String word) {
    String known = words.putIfAbsent(word, word);
    return known == null ? word : known;
  }
}
