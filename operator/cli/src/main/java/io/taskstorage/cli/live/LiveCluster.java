package io.taskstorage.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.manifest.Document;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.manifest.Place;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Manifest;
import io.taskstorage.api.v1alpha1.Manifests;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.cli.input.ClusterObjects;
import io.taskstorage.cli.input.ManifestSet;
import io.taskstorage.cli.input.PodDescription;
import io.taskstorage.cli.live.ApiConnection.Answer;
import io.taskstorage.console.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads the manifests and the pods of a cluster, once. Not thread-safe. */
public final class LiveCluster {
  private final ApiConnection api;
  private final SortedMap<ObjectKey, Origin> objects = new TreeMap<>();
  private final List<FileProblem> problems = new ArrayList<>();
  private Optional<String> unknownKinds = Optional.empty();

  /** Reads by a connection, which stays the caller's to close. */
  public LiveCluster(ApiConnection api) {
    this.api = api;
  }

  /**
   * Reads maps, policies, pods, namespaces and nodes.
   *
   * @param onlyPodsOf the namespace whose pods are of interest; empty = all of them
   * @throws CommandFailure if the cluster cannot be reached or refuses
   */
  public ManifestSet read(Optional<String> onlyPodsOf) {
    for (String plural :
        List.of("taskstoragemaps", "clustertaskstoragepolicies", "taskstoragepolicies")) {
      listOurs(plural, ApiConnection.OURS + plural);
    }
    ClusterObjects cluster = new ClusterObjects(api.namespace());
    list("/api/v1/nodes", item -> cluster.add("Node", item));
    list("/api/v1/namespaces", item -> cluster.add("Namespace", item));
    list(
        onlyPodsOf.map(ApiConnection::podsOf).orElse(ApiConnection.ALL_PODS),
        item -> cluster.add("Pod", item));
    return new ManifestSet(objects, problems, List.of(), cluster.facts(), 0);
  }

  /**
   * Reads one pod, and the maps, policies, namespace and node that its values can come from.
   *
   * @throws CommandFailure also if there is no such pod, or if it has ended
   */
  public ManifestSet readPod(String namespace, String name) {
    String inNamespace = "/api/v1/namespaces/" + ApiConnection.segment(namespace);
    String path = ApiConnection.podsOf(namespace) + "/" + ApiConnection.segment(name);
    ClusterObjects cluster = new ClusterObjects(namespace);
    boolean isThere = get(path, item -> cluster.add("Pod", item));
    Optional<PodDescription> pod = cluster.facts().pods().values().stream().findFirst();
    if (pod.isEmpty()) {
      throw new CommandFailure(
          "read pod %s/%s of %s: %s"
              .formatted(
                  namespace,
                  name,
                  api.server(),
                  isThere
                      ? "has ended: it has no tasks that could carry values"
                      : "no such pod: correct the name, or name its --namespace"));
    }
    get(inNamespace, item -> cluster.add("Namespace", item));
    String node = pod.get().nodeName();
    if (!node.isEmpty()) {
      get("/api/v1/nodes/" + ApiConnection.segment(node), item -> cluster.add("Node", item));
    }
    listOurs("taskstoragemaps", ApiConnection.OURS + "taskstoragemaps");
    listOurs("clustertaskstoragepolicies", ApiConnection.OURS + "clustertaskstoragepolicies");
    listOurs(
        "taskstoragepolicies",
        "%snamespaces/%s/taskstoragepolicies"
            .formatted(ApiConnection.OURS, ApiConnection.segment(namespace)));
    unknownKinds.ifPresent(
        message -> {
          throw new CommandFailure(message);
        });
    return new ManifestSet(objects, problems, List.of(), cluster.facts(), 0);
  }

  /**
   * After {@link #read}: what to do where the cluster does not know the kinds of our API, and so
   * has no maps and no policies; empty if it knows them.
   */
  public Optional<String> unknownKinds() {
    return unknownKinds;
  }

  private static String kind(String plural) {
    return switch (plural) {
      case "taskstoragemaps" -> TaskStorageMap.KIND;
      case "clustertaskstoragepolicies" -> ClusterTaskStoragePolicy.KIND;
      default -> TaskStoragePolicy.KIND;
    };
  }

  /** Objects in a list name neither kind nor version. */
  private void take(String kind, JsonNode item) {
    ObjectNode document = ((ObjectNode) item).put("apiVersion", ApiGroup.API_VERSION);
    document.put("kind", kind);
    switch (Manifests.parse(document)) {
      case Manifest.OfMap(TaskStorageMap map) -> put(map, document);
      case Manifest.OfClusterPolicy(ClusterTaskStoragePolicy policy) -> put(policy, document);
      case Manifest.OfPolicy(TaskStoragePolicy policy) -> put(policy, document);
      case Manifest.Broken broken -> {
        JsonNode inNamespace = document.path("metadata").path("namespace");
        ObjectKey key = new ObjectKey(kind, inNamespace.asText(""), broken.name().orElse(""));
        broken
            .problems()
            .forEach(
                problem ->
                    problems.add(
                        new FileProblem(
                            Place.of(api.server()),
                            Optional.of(key),
                            problem.path(),
                            problem.message())));
      }
      case Manifest.Foreign _ -> throw new IllegalStateException("read cluster: foreign object");
    }
  }

  private void put(HasMetadata object, JsonNode document) {
    ObjectKey key = ObjectKey.of(object);
    objects.put(
        key,
        new Origin(key, Place.of(api.server()), object, new Document(document, "", Map.of("", 0))));
  }

  private void list(String path, Consumer<JsonNode> each) {
    switch (api.list(path, each)) {
      case Answer.Told _ -> {}
      case Answer.Missing _ -> throw api.missing(path);
      case Answer.Forbidden(CommandFailure failure) -> throw failure;
    }
  }

  private boolean get(String path, Consumer<JsonNode> object) {
    return switch (api.get(path, object)) {
      case Answer.Told _ -> true;
      case Answer.Missing _ -> false;
      case Answer.Forbidden(CommandFailure failure) -> throw failure;
    };
  }

  private void listOurs(String plural, String path) {
    switch (api.list(path, item -> take(kind(plural), item))) {
      case Answer.Told _ -> {}
      case Answer.Missing _ -> unknownKinds = Optional.ofNullable(api.missing(path).getMessage());
      case Answer.Forbidden(CommandFailure failure) -> throw failure;
    }
  }
}
