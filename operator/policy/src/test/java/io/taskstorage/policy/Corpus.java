package io.taskstorage.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Manifest;
import io.taskstorage.api.v1alpha1.Manifests;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Manifests for tests: a valid map, a valid policy, and cases that change them.
 *
 * <p>A case is a YAML document: {@code case} is its name; {@code change} a JSON merge patch, in
 * which a text such as {@code "/**1025"} stands for one of 1025 characters that begins with a
 * slash; {@code fields: N} sets that many fields of the map {@code wide}; {@code newer: true} reads
 * the object as a client does, which takes what it does not know.
 */
final class Corpus {

  static final YAMLMapper YAML = new YAMLMapper();

  private static final Pattern LONG_TEXT = Pattern.compile("(.*)\\*\\*([0-9]+)");

  private Corpus() {}

  /** The documents of a YAML file. */
  static List<JsonNode> documents(Path file) {
    try {
      return YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).readAll();
    } catch (IOException e) {
      throw new AssertionError("read " + file, e);
    }
  }

  private static ObjectNode base(String name) {
    return (ObjectNode) documents(Path.of("src/test/resources/Corpus", name)).getFirst();
  }

  static JsonNode mapDocument(JsonNode testCase) {
    return changed("base-map.yaml", testCase);
  }

  static JsonNode policyDocument(JsonNode testCase) {
    return changed("base-policy.yaml", testCase);
  }

  static TaskStorageMap map(JsonNode testCase) {
    JsonNode document = mapDocument(testCase);
    if (testCase.path("newer").asBoolean()) {
      return convert(document, TaskStorageMap.class);
    }
    return switch (Manifests.parse(document)) {
      case Manifest.OfMap(TaskStorageMap map) -> map;
      case Manifest other -> throw new AssertionError(testCase.path("case") + ": " + other);
    };
  }

  static ClusterTaskStoragePolicy policy(JsonNode testCase) {
    JsonNode document = policyDocument(testCase);
    if (testCase.path("newer").asBoolean()) {
      return convert(document, ClusterTaskStoragePolicy.class);
    }
    return switch (Manifests.parse(document)) {
      case Manifest.OfClusterPolicy(ClusterTaskStoragePolicy policy) -> policy;
      case Manifest other -> throw new AssertionError(testCase.path("case") + ": " + other);
    };
  }

  static TaskStoragePolicy namespacedPolicy(JsonNode testCase) {
    JsonNode document = changed("base-namespaced.yaml", testCase);
    if (testCase.path("newer").asBoolean()) {
      return convert(document, TaskStoragePolicy.class);
    }
    return switch (Manifests.parse(document)) {
      case Manifest.OfPolicy(TaskStoragePolicy policy) -> policy;
      case Manifest other -> throw new AssertionError(testCase.path("case") + ": " + other);
    };
  }

  /** A namespaced policy from a merge patch in YAML. */
  static TaskStoragePolicy namespacedWith(String change) {
    return namespacedPolicy(changeOnly(change));
  }

  /** A map from a merge patch in YAML. */
  static TaskStorageMap mapWith(String change) {
    return map(changeOnly(change));
  }

  /** A policy from a merge patch in YAML. */
  static ClusterTaskStoragePolicy policyWith(String change) {
    return policy(changeOnly(change));
  }

  /** Judges maps and cluster policies. */
  static AcceptedSet accept(
      List<TaskStorageMap> maps,
      List<ClusterTaskStoragePolicy> policies,
      Map<String, String> bpfNamesInForce) {
    return Acceptance.of(new AcceptanceInput(maps, policies, List.of(), Map.of(), bpfNamesInForce));
  }

  /** Resolves values of a cgroup of the host. */
  static SortedMap<String, ResolvedValue> resolve(
      Collection<AcceptedPolicy> selecting, Map<String, AcceptedMap> maps) {
    return Resolution.resolve(
        selecting, maps, new SubjectFacts.HostCgroup("/a"), new NodeFacts("n", Map.of()));
  }

  /** A map of 64 fields f0 to f63 of type U8. */
  static TaskStorageMap wideMap() {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < 64; i++) {
      fields.append("{name: f%d, type: U8},".formatted(i));
    }
    return mapWith(
        "{metadata: {name: wide}, spec: {bpfName: wide, value: {fields: [%s]}}}".formatted(fields));
  }

  private static JsonNode changeOnly(String change) {
    try {
      return YAML.createObjectNode().set("change", YAML.readTree(change));
    } catch (IOException e) {
      throw new AssertionError(change, e);
    }
  }

  private static ObjectNode changed(String name, JsonNode testCase) {
    ObjectNode document = base(name);
    merge(document, expanded(testCase.path("change")));
    int fields = testCase.path("fields").asInt();
    if (fields > 0) {
      ArrayNode values = ((ObjectNode) document.path("spec")).putArray("values");
      for (int i = 0; i < fields; i++) {
        values.addObject().put("field", "f" + i).put("value", "1");
      }
      ((ObjectNode) document.at("/spec/targetRefs/0")).put("name", "wide");
    }
    return document;
  }

  /** RFC 7386. */
  private static void merge(ObjectNode target, JsonNode patch) {
    patch
        .properties()
        .forEach(
            entry -> {
              JsonNode change = entry.getValue();
              if (change.isNull()) {
                target.remove(entry.getKey());
              } else if (change.isObject()) {
                JsonNode old = target.get(entry.getKey());
                ObjectNode part = old instanceof ObjectNode o ? o : YAML.createObjectNode();
                merge(part, change);
                target.set(entry.getKey(), part);
              } else {
                target.set(entry.getKey(), change);
              }
            });
  }

  private static JsonNode expanded(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        object.properties().forEach(entry -> entry.setValue(expanded(entry.getValue())));
        yield object;
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, expanded(array.get(i)));
        }
        yield array;
      }
      case TextNode text -> {
        Matcher matcher = LONG_TEXT.matcher(text.asText());
        yield matcher.matches()
            ? TextNode.valueOf(padded(matcher.group(1), Integer.parseInt(matcher.group(2))))
            : text;
      }
      default -> node;
    };
  }

  private static String padded(String start, int characters) {
    return start + "a".repeat(characters - start.length());
  }

  private static <T> T convert(JsonNode document, Class<T> type) {
    try {
      return YAML.treeToValue(document, type);
    } catch (IOException e) {
      throw new AssertionError(document.toString(), e);
    }
  }
}
