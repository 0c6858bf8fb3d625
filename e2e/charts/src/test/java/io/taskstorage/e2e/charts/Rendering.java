package io.taskstorage.e2e.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Objects of a cluster as a tool prints them.
 *
 * @param objects by kind and name, such as {@code DaemonSet/taskstorage-agent}
 */
record Rendering(SortedMap<String, JsonNode> objects) {

  private static final YAMLMapper YAML = new YAMLMapper();

  /** What only Helm puts on an object. */
  private static final List<String> LABELS_OF_HELM =
      List.of("helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version");

  Rendering {
    objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
  }

  /** Reads documents of YAML; fails if two are about the same object. */
  static Rendering of(String documents) {
    SortedMap<String, JsonNode> objects = new TreeMap<>();
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(documents)) {
      while (all.hasNext()) {
        JsonNode object = all.next();
        if (object.isObject()) {
          String name =
              object.path("kind").asText() + "/" + object.path("metadata").path("name").asText();
          if (objects.put(name, object) != null) {
            throw new AssertionError("twice: " + name);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("read documents", e);
    }
    return new Rendering(objects);
  }

  JsonNode object(String kindAndName) {
    JsonNode object = objects.get(kindAndName);
    if (object == null) {
      throw new AssertionError("no " + kindAndName + " among " + objects.keySet());
    }
    return object;
  }

  /** Without these objects. */
  Rendering without(Set<String> kindsAndNames) {
    SortedMap<String, JsonNode> left = new TreeMap<>(objects);
    left.keySet().removeAll(kindsAndNames);
    return new Rendering(left);
  }

  /** Without the labels by which Helm and its users know what Helm installed. */
  Rendering withoutHelmsLabels() {
    SortedMap<String, JsonNode> left = new TreeMap<>();
    objects.forEach((name, object) -> left.put(name, withoutHelmsLabels(object.deepCopy())));
    return new Rendering(left);
  }

  private static JsonNode withoutHelmsLabels(JsonNode node) {
    if (node.path("labels") instanceof ObjectNode labels) {
      labels.remove(LABELS_OF_HELM);
    }
    node.forEach(Rendering::withoutHelmsLabels);
    return node;
  }

  /** All of it again, as documents of YAML. */
  String documents() {
    StringBuilder text = new StringBuilder();
    try {
      for (JsonNode object : objects.values()) {
        text.append(YAML.writeValueAsString(object));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("write documents", e);
    }
    return text.toString();
  }

  /**
   * What another one has differently: a line for each leaf that is gone ({@code -}) and for each
   * that is new ({@code +}).
   */
  String changesTo(Rendering other) {
    StringBuilder text = new StringBuilder();
    Set<String> names = new TreeSet<>(objects.keySet());
    names.addAll(other.objects.keySet());
    for (String name : names) {
      JsonNode here = objects.get(name);
      JsonNode there = other.objects.get(name);
      String what = here == null ? "new " : there == null ? "gone " : "";
      changes(leaves(here), leaves(there), what + name, text);
    }
    return text.toString();
  }

  private static void changes(
      SortedMap<String, String> here,
      SortedMap<String, String> there,
      String name,
      StringBuilder text) {
    Set<String> paths = new TreeSet<>(here.keySet());
    paths.addAll(there.keySet());
    StringBuilder lines = new StringBuilder();
    for (String path : paths) {
      String before = here.get(path);
      String after = there.get(path);
      if (before != null && !before.equals(after)) {
        lines.append("- ").append(path).append(": ").append(before).append('\n');
      }
      if (after != null && !after.equals(before)) {
        lines.append("+ ").append(path).append(": ").append(after).append('\n');
      }
    }
    if (!lines.isEmpty()) {
      text.append(name).append('\n').append(lines.toString().indent(2));
    }
  }

  private static SortedMap<String, String> leaves(@Nullable JsonNode object) {
    SortedMap<String, String> leaves = new TreeMap<>();
    if (object != null) {
      collect(object, "", leaves);
    }
    return leaves;
  }

  private static void collect(JsonNode node, String path, SortedMap<String, String> leaves) {
    if (node.isObject() && !node.isEmpty()) {
      node.properties().forEach(p -> collect(p.getValue(), path + "/" + step(p.getKey()), leaves));
    } else if (node.isArray() && !node.isEmpty()) {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), path + "/" + i, leaves);
      }
    } else {
      leaves.put(path, node.toString());
    }
  }

  /** As in a JSON pointer. */
  private static String step(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
