package io.taskstorage.e2e.operator.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * The one place where a status becomes a text that is the same on every machine and in every run:
 * times, UIDs and what the kernel is like are put by words.
 */
final class StatusText {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .build();

  private StatusText() {}

  /**
   * Kind, name, generation and status of each object.
   *
   * @param objects as the API server has them
   * @param names of all objects of the story by their UIDs, which node states mention
   */
  static String of(List<ObjectNode> objects, Map<String, String> names) {
    StringBuilder text = new StringBuilder();
    for (ObjectNode object : objects) {
      ObjectNode told = YAML.createObjectNode();
      told.set("kind", object.get("kind"));
      told.set("name", object.at("/metadata/name"));
      JsonNode status = object.path("status").deepCopy();
      if (object.path("kind").asText().equals("TaskStorageNodeState")) {
        tellNodeState((ObjectNode) status, names);
      } else {
        told.set("generation", object.at("/metadata/generation"));
      }
      for (JsonNode condition : status.path("conditions")) {
        ((ObjectNode) condition).remove("lastTransitionTime");
      }
      told.set("status", status);
      text.append(text.isEmpty() ? "" : "---\n").append(write(told));
    }
    return text.toString();
  }

  /** Of the agent nothing, of its maps those of the story. */
  private static void tellNodeState(ObjectNode status, Map<String, String> names) {
    status.remove("agent");
    ArrayNode maps = YAML.createArrayNode();
    for (JsonNode map : status.path("maps")) {
      String name = names.get(map.path("uid").asText());
      if (name != null) {
        ((ObjectNode) map).put("uid", "of " + name);
        tellTokens((ObjectNode) map, names);
        maps.add(map);
      }
    }
    status.set("maps", maps);
  }

  /** A token begins with twelve digits of a policy's UID, by which the node sorts them. */
  private static void tellTokens(ObjectNode map, Map<String, String> names) {
    ArrayNode tokens = YAML.createArrayNode();
    StreamSupport.stream(map.path("policies").spliterator(), false)
        .map(token -> named(token.asText(), names))
        .sorted()
        .forEach(tokens::add);
    map.set("policies", tokens);
  }

  private static String named(String token, Map<String, String> names) {
    String digits = token.substring(0, 12);
    String name =
        names.entrySet().stream()
            .filter(known -> known.getKey().replace("-", "").startsWith(digits))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("unknown");
    return name + token.substring(digits.length());
  }

  private static String write(ObjectNode object) {
    try {
      return YAML.writeValueAsString(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
