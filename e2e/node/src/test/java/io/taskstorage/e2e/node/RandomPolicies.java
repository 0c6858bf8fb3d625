package io.taskstorage.e2e.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Literal;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.StructLayout;
import java.util.List;
import java.util.SplittableRandom;

/** Maps and policies as manifests, most of them acceptable. */
final class RandomPolicies {
  private static final String VERSION = "taskstorage.io/v1alpha1";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> FIELD_PATHS =
      List.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "metadata.labels['n']",
          "metadata.labels['example.com/id']",
          "metadata.annotations['tier']");

  private final SplittableRandom random;

  RandomPolicies(SplittableRandom random) {
    this.random = random;
  }

  ObjectNode map(String name, String bpfName, StructLayout layout) {
    ObjectNode map = object("TaskStorageMap", name);
    ObjectNode spec = map.putObject("spec").put("bpfName", bpfName);
    ArrayNode fields =
        spec.putObject("value").put("typeName", layout.typeName()).putArray("fields");
    ArrayNode allowed = JSON.arrayNode();
    for (PlacedField placed : layout.fields()) {
      Field field = placed.field();
      ObjectNode node =
          fields.addObject().put("name", field.name()).put("type", field.type().wireName());
      field.length().ifPresent(length -> node.put("length", length));
      if (!field.isPolicyOwned()) {
        node.put("owner", "Program");
      } else if (random.nextInt(4) != 0) {
        allowed.add(field.name());
      }
    }
    if (random.nextInt(4) == 0) {
      spec.set("nodeSelector", selector());
    }
    ObjectNode policies = spec.putObject("allowedPolicies");
    ObjectNode namespaces = policies.putObject("namespaces");
    switch (random.nextInt(3)) {
      case 0 -> namespaces.put("from", "All");
      case 1 -> namespaces.put("from", "Selector").set("selector", selector());
      default -> namespaces.put("from", "None");
    }
    if (!allowed.isEmpty()) {
      policies.set("fields", allowed);
    }
    return map;
  }

  ObjectNode policy(String name, String map, StructLayout layout) {
    int kind = random.nextInt(5);
    boolean isNamespaced = kind == 0;
    boolean isHost = kind == 1;
    ObjectNode policy =
        object(isNamespaced ? "TaskStoragePolicy" : "ClusterTaskStoragePolicy", name);
    if (isNamespaced) {
      ((ObjectNode) policy.get("metadata")).put("namespace", pick(Worlds.NAMESPACES));
    }
    ObjectNode spec = policy.putObject("spec");
    spec.putArray("targetRefs")
        .addObject()
        .put("group", "taskstorage.io")
        .put("kind", "TaskStorageMap")
        .put("name", map);
    if (!isNamespaced) {
      spec.put("tier", random.nextBoolean() ? "Admin" : "Baseline");
    }
    spec.put("priority", 100 * (1 + random.nextInt(3)));
    spec.set("subject", isHost ? hostProcesses() : pods(isNamespaced));
    ArrayNode values = spec.putArray("values");
    for (PlacedField placed : layout.fields()) {
      if (placed.field().isPolicyOwned() && random.nextInt(3) != 0) {
        values.add(value(placed.field(), isHost));
      }
    }
    return policy;
  }

  private ObjectNode hostProcesses() {
    ObjectNode host = JSON.objectNode();
    if (random.nextInt(4) == 0) {
      host.set("nodeSelector", selector());
    }
    if (random.nextBoolean()) {
      host.putArray("systemdUnits")
          .add(pick(List.of("web.service", "db.service", "system.slice", "getty@.service")));
    }
    if (!host.has("systemdUnits") || random.nextBoolean()) {
      host.putArray("cgroupPaths").add(pick(List.of("/batch", "/batch/night", "/elsewhere")));
    }
    return JSON.objectNode().set("hostProcesses", host);
  }

  private ObjectNode pods(boolean isNamespaced) {
    ObjectNode pods = JSON.objectNode();
    if (!isNamespaced) {
      pods.set("namespaceSelector", selector());
    }
    if (isNamespaced || random.nextBoolean()) {
      pods.set("podSelector", selector());
    }
    if (random.nextInt(3) == 0) {
      pods.putArray("containerNames").add(pick(Worlds.CONTAINERS));
    }
    return JSON.objectNode().set("pods", pods);
  }

  private ObjectNode selector() {
    ObjectNode selector = JSON.objectNode();
    switch (random.nextInt(5)) {
      case 0 -> selector.putObject("matchLabels").put(pick(Worlds.KEYS), label());
      case 1 ->
          expression(selector, random.nextBoolean() ? "In" : "NotIn")
              .putArray("values")
              .add(label())
              .add("zz");
      case 2 -> expression(selector, random.nextBoolean() ? "Exists" : "DoesNotExist");
      default -> {
        // Selects everything.
      }
    }
    return selector;
  }

  private ObjectNode expression(ObjectNode selector, String operator) {
    return selector
        .putArray("matchExpressions")
        .addObject()
        .put("key", pick(Worlds.KEYS))
        .put("operator", operator);
  }

  private String label() {
    return pick(Worlds.WORDS).replace("-1", "m1");
  }

  private ObjectNode value(Field field, boolean isHost) {
    ObjectNode value = JSON.objectNode().put("field", field.name());
    int source = random.nextInt(isHost ? 2 : 4);
    if (source == 0) {
      value
          .putObject("valueFrom")
          .putObject("cel")
          .put("expression", Expressions.of(field, isHost, random));
    } else if (source == 1 || isHost) {
      value.put("value", literal(field));
    } else {
      value.putObject("valueFrom").putObject("fieldRef").put("fieldPath", pick(FIELD_PATHS));
    }
    return value;
  }

  /** A text that fits, from random bytes; those that no text means become zero. */
  private String literal(Field field) {
    byte[] bytes = new byte[field.sizeBytes()];
    random.nextBytes(bytes);
    for (int i = 0;
        i < bytes.length && field.type() == io.taskstorage.layout.ScalarType.CHAR;
        i++) {
      bytes[i] = (byte) (i == bytes.length - 1 ? 0 : 'a' + (bytes[i] & 15));
    }
    return Literal.decode(field, Literal.isExact(field, bytes) ? bytes : new byte[bytes.length]);
  }

  private static ObjectNode object(String kind, String name) {
    ObjectNode object = JSON.objectNode().put("apiVersion", VERSION).put("kind", kind);
    object.putObject("metadata").put("name", name);
    return object;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
