package io.taskstorage.cli.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
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
import io.taskstorage.console.CommandFailure;
import java.net.URLEncoder;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/** Reads the objects of a cluster. Holds a connection until it is closed. Not thread-safe. */
public final class LiveCluster implements AutoCloseable {
  private static final int PAGE = 500;
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String ALL_PODS = "/api/v1/pods";
  private static final String OURS = "/apis/" + ApiGroup.API_VERSION + "/";

  private final KubernetesClient client;
  private final String server;
  private final String namespace;
  private Optional<String> unknownKinds = Optional.empty();

  private LiveCluster(KubernetesClient client, String server, String namespace) {
    this.client = client;
    this.server = server;
    this.namespace = namespace;
  }

  /**
   * Opens the cluster that is meant; asks it nothing yet.
   *
   * @throws CommandFailure if nothing says which one is meant
   */
  public static LiveCluster open(
      Optional<Path> kubeconfig, Optional<String> context, Map<String, String> environment) {
    Config config = Kubeconfig.find(kubeconfig, context, environment);
    String namespace = config.getNamespace() == null ? "default" : config.getNamespace();
    return new LiveCluster(
        new KubernetesClientBuilder().withConfig(config).build(), config.getMasterUrl(), namespace);
  }

  /** The context's namespace: that of objects that name none. */
  public String namespace() {
    return namespace;
  }

  /**
   * Reads maps, policies, pods, namespaces and nodes.
   *
   * @param onlyPodsOf the namespace whose pods are of interest; empty = all of them
   * @throws CommandFailure if the cluster cannot be reached or refuses
   */
  public ManifestSet read(Optional<String> onlyPodsOf) {
    SortedMap<ObjectKey, Origin> objects = new TreeMap<>();
    List<FileProblem> problems = new ArrayList<>();
    for (String plural :
        List.of("taskstoragemaps", "clustertaskstoragepolicies", "taskstoragepolicies")) {
      list(OURS + plural, true, item -> take(kind(plural), item, objects, problems));
    }
    ClusterObjects cluster = new ClusterObjects(namespace);
    list("/api/v1/nodes", false, item -> cluster.add("Node", item));
    list("/api/v1/namespaces", false, item -> cluster.add("Namespace", item));
    list(
        onlyPodsOf.map(name -> "/api/v1/namespaces/" + name + "/pods").orElse(ALL_PODS),
        false,
        item -> cluster.add("Pod", item));
    return new ManifestSet(objects, problems, List.of(), cluster.facts(), 0);
  }

  /**
   * After {@link #read}: what to do where the cluster does not know the kinds of our API, and so
   * has no maps and no policies; empty if it knows them.
   */
  public Optional<String> unknownKinds() {
    return unknownKinds;
  }

  @Override
  public void close() {
    client.close();
  }

  private static String kind(String plural) {
    return switch (plural) {
      case "taskstoragemaps" -> TaskStorageMap.KIND;
      case "clustertaskstoragepolicies" -> ClusterTaskStoragePolicy.KIND;
      default -> TaskStoragePolicy.KIND;
    };
  }

  /** Objects in a list name neither kind nor version. */
  private void take(
      String kind,
      JsonNode item,
      SortedMap<ObjectKey, Origin> objects,
      List<FileProblem> problems) {
    ObjectNode document = ((ObjectNode) item).put("apiVersion", ApiGroup.API_VERSION);
    document.put("kind", kind);
    switch (Manifests.parse(document)) {
      case Manifest.OfMap(TaskStorageMap map) -> put(objects, map, document);
      case Manifest.OfClusterPolicy(ClusterTaskStoragePolicy policy) ->
          put(objects, policy, document);
      case Manifest.OfPolicy(TaskStoragePolicy policy) -> put(objects, policy, document);
      case Manifest.Broken broken -> {
        JsonNode inNamespace = document.path("metadata").path("namespace");
        ObjectKey key = new ObjectKey(kind, inNamespace.asText(""), broken.name().orElse(""));
        broken
            .problems()
            .forEach(
                problem ->
                    problems.add(
                        new FileProblem(
                            Place.of(server),
                            Optional.of(key),
                            problem.path(),
                            problem.message())));
      }
      case Manifest.Foreign _ -> throw new IllegalStateException("read cluster: foreign object");
    }
  }

  private void put(SortedMap<ObjectKey, Origin> objects, HasMetadata object, JsonNode document) {
    ObjectKey key = ObjectKey.of(object);
    objects.put(
        key, new Origin(key, Place.of(server), object, new Document(document, "", Map.of("", 0))));
  }

  /** Tells each item of a list, page by page. */
  private void list(String path, boolean mayBeMissing, Consumer<JsonNode> each) {
    String rest = "";
    do {
      JsonNode page = page(path, rest, mayBeMissing);
      page.path("items").forEach(each);
      rest = page.path("metadata").path("continue").asText("");
    } while (!rest.isEmpty());
  }

  private JsonNode page(String path, String rest, boolean mayBeMissing) {
    String query =
        "?limit="
            + PAGE
            + (rest.isEmpty()
                ? ""
                : "&continue=" + URLEncoder.encode(rest, StandardCharsets.UTF_8));
    try {
      String text = client.raw(path + query);
      if (text == null) {
        if (mayBeMissing) {
          unknownKinds =
              Optional.of(
                  "read %s of %s: the definitions of taskstorage.io are not there: apply crds/"
                      .formatted(path, server));
          return MAPPER.createObjectNode();
        }
        throw new CommandFailure(
            "read %s of %s: no such resource: is it a Kubernetes API server?"
                .formatted(path, server));
      }
      return MAPPER.readTree(text);
    } catch (KubernetesClientException e) {
      throw failure(path, e);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          "read %s of %s: the answer is no JSON: is it a Kubernetes API server?"
              .formatted(path, server),
          e);
    }
  }

  private CommandFailure failure(String path, KubernetesClientException failure) {
    if (failure.getCode() <= 0) {
      return new CommandFailure(
          "read %s of %s: %s: check the address, the network and the context"
              .formatted(path, server, unreached(failure)),
          failure);
    }
    String said =
        failure.getStatus() != null && failure.getStatus().getMessage() != null
            ? failure.getStatus().getMessage()
            : "no reason given";
    String cause =
        switch (failure.getCode()) {
          case 401 -> "not logged in (%s): log in again".formatted(said);
          case 403 ->
              "not allowed (%s): ask for the right to list%s"
                  .formatted(said, path.equals(ALL_PODS) ? ", or name a --namespace" : "");
          default -> "answer %d (%s): try again".formatted(failure.getCode(), said);
        };
    return new CommandFailure("read %s of %s: %s".formatted(path, server, cause), failure);
  }

  /** Why there was no answer: the JDK's client says it by the kinds of its exceptions. */
  private static String unreached(Throwable failure) {
    String said = "no connection";
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnresolvedAddressException _ -> {
          return "unknown host";
        }
        case HttpTimeoutException _ -> {
          return "no answer in time";
        }
        case SSLException _ -> said = String.valueOf(cause.getMessage());
        default -> {}
      }
    }
    return said;
  }
}
