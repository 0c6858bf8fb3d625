package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents of manifest files as strictly as {@code kubectl apply} does: every unknown field
 * and every value of the wrong JSON type is a problem, all problems are told at once, and a
 * property that is null is absent. Pure and thread-safe.
 *
 * <p>What only a server sets, {@code status} and most of {@code metadata}, may stand in a file and
 * counts for nothing, so that a printed object can be used as a manifest.
 */
public final class Manifests {

  private static final JsonMapper MAPPER = new JsonMapper();

  /** How a kind's documents are read: the record of its spec, and what a good one becomes. */
  private record Kind(Class<? extends Record> spec, Function<JsonNode, Manifest> typed) {}

  private static final Map<String, Kind> KINDS =
      ordered(
          Map.entry(TaskStorageMap.KIND, new Kind(TaskStorageMapSpec.class, Manifests::map)),
          Map.entry(
              ClusterTaskStoragePolicy.KIND,
              new Kind(ClusterTaskStoragePolicySpec.class, Manifests::clusterPolicy)),
          Map.entry(
              TaskStoragePolicy.KIND, new Kind(TaskStoragePolicySpec.class, Manifests::policy)));

  private static final Shape.Properties METADATA = metadata();

  private Manifests() {}

  /**
   * Reads one document.
   *
   * <p>An empty document, JSON null, is broken too; whoever splits a file leaves those out.
   */
  public static Manifest parse(JsonNode document) {
    if (!document.isObject()) {
      return broken(
          "",
          "must be an object, not %s: write apiVersion, kind, metadata and spec"
              .formatted(StrictReader.nameOf(document)));
    }
    Optional<String> apiVersion = text(document.get("apiVersion"));
    Optional<String> kind = text(document.get("kind"));
    if (document.path("apiVersion").isMissingNode() && document.path("kind").isMissingNode()) {
      return broken(
          "", "no Kubernetes object: apiVersion and kind are missing: add them, or move it away");
    }
    if (apiVersion.isPresent() && !group(apiVersion.get()).equals(ApiGroup.NAME)) {
      return new Manifest.Foreign(apiVersion.get(), kind.orElse(""));
    }
    StrictReader reader = new StrictReader();
    if (apiVersion.isEmpty()) {
      reader.add("apiVersion", "missing or not a string: write " + ApiGroup.API_VERSION);
    } else if (!apiVersion.get().equals(ApiGroup.API_VERSION)) {
      reader.add("apiVersion", "unknown version: write " + ApiGroup.API_VERSION);
    }
    Kind known = kind.map(KINDS::get).orElse(null);
    if (kind.isEmpty()) {
      reader.add(
          "kind", "missing or not a string: write one of " + String.join(", ", KINDS.keySet()));
    } else if (known == null) {
      reader.add("kind", unknownKind(kind.get()));
    }
    readObject(document, known, reader);
    if (known != null && reader.problems().isEmpty()) {
      return known.typed().apply(document);
    }
    Optional<String> name = text(document.path("metadata").get("name"));
    return new Manifest.Broken(kind.orElse(""), name, reader.problems());
  }

  private static String unknownKind(String kind) {
    return kind.equals(TaskStorageNodeState.KIND)
        ? "%s is written by agents, never by people: remove the document".formatted(kind)
        : "unknown kind: " + Spelling.mend(kind, KINDS.keySet());
  }

  /** Compares all of the document but apiVersion and kind; without a kind the spec is any. */
  private static void readObject(JsonNode document, @Nullable Kind kind, StrictReader reader) {
    reader.read(
        document,
        new Shape.Properties(
            ordered(
                Map.entry("apiVersion", new Shape.Anything()),
                Map.entry("kind", new Shape.Anything()),
                Map.entry("metadata", METADATA),
                Map.entry("spec", kind == null ? new Shape.Anything() : Shape.of(kind.spec())),
                Map.entry("status", new Shape.Anything()))),
        "");
    JsonNode metadata = document.path("metadata");
    if (metadata.isMissingNode() || metadata.isNull()) {
      reader.add("metadata", "missing: add name");
    } else if (metadata.isObject() && !metadata.hasNonNull("name")) {
      reader.add("metadata.name", "missing: name the object");
    }
  }

  private static Manifest map(JsonNode document) {
    TaskStorageMap map = named(new TaskStorageMap(), document);
    map.setSpec(spec(document, TaskStorageMapSpec.class));
    return new Manifest.OfMap(map);
  }

  private static Manifest clusterPolicy(JsonNode document) {
    ClusterTaskStoragePolicy policy = named(new ClusterTaskStoragePolicy(), document);
    policy.setSpec(spec(document, ClusterTaskStoragePolicySpec.class));
    return new Manifest.OfClusterPolicy(policy);
  }

  private static Manifest policy(JsonNode document) {
    TaskStoragePolicy policy = named(new TaskStoragePolicy(), document);
    policy.setSpec(spec(document, TaskStoragePolicySpec.class));
    return new Manifest.OfPolicy(policy);
  }

  private static <T extends HasMetadata> T named(T object, JsonNode document) {
    JsonNode metadata = document.path("metadata");
    ObjectMeta meta =
        new ObjectMetaBuilder()
            .withName(metadata.path("name").asText())
            .withNamespace(text(metadata.get("namespace")).orElse(null))
            .withLabels(texts(metadata.path("labels")))
            .withAnnotations(texts(metadata.path("annotations")))
            .build();
    object.setMetadata(meta);
    return object;
  }

  private static <T> @Nullable T spec(JsonNode document, Class<T> type) {
    JsonNode spec = document.path("spec");
    if (spec.isMissingNode() || spec.isNull()) {
      return null;
    }
    try {
      return MAPPER.treeToValue(spec, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("read spec: shape and record differ: align them", e);
    }
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  private static Optional<String> text(@Nullable JsonNode node) {
    return Optional.ofNullable(node).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  private static String group(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    // Our group alone has lost its version; any other word alone is a version of the core group.
    return slash < 0 ? apiVersion : apiVersion.substring(0, slash);
  }

  private static Manifest broken(String path, String message) {
    return new Manifest.Broken("", Optional.empty(), List.of(new ManifestProblem(path, message)));
  }

  private static Shape.Properties metadata() {
    Map<String, Shape> byName = new LinkedHashMap<>();
    byName.put("name", new Shape.Text());
    byName.put("namespace", new Shape.Text());
    byName.put("labels", new Shape.Named(new Shape.Text()));
    byName.put("annotations", new Shape.Named(new Shape.Text()));
    for (String set :
        List.of(
            "creationTimestamp",
            "deletionGracePeriodSeconds",
            "deletionTimestamp",
            "finalizers",
            "generateName",
            "generation",
            "managedFields",
            "ownerReferences",
            "resourceVersion",
            "selfLink",
            "uid")) {
      byName.put(set, new Shape.Anything());
    }
    return new Shape.Properties(byName);
  }

  @SafeVarargs
  private static <V> Map<String, V> ordered(Map.Entry<String, ? extends V>... entries) {
    Map<String, V> map = new LinkedHashMap<>();
    for (Map.Entry<String, ? extends V> entry : entries) {
      map.put(entry.getKey(), entry.getValue());
    }
    return map;
  }
}
