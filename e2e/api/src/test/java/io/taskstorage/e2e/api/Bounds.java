package io.taskstorage.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One bound of a status, and objects on both sides of it.
 *
 * @param name path and bound
 * @param at an object exactly at the bound; empty where there is no such thing
 * @param beyond an object one step beyond
 */
record Bounds(String name, Optional<ObjectNode> at, ObjectNode beyond) {

  /** Every bound of the kind's status, made from the object that has everything. */
  static List<Bounds> ofStatus(Definition definition) {
    Maker maker = new Maker(Corpus.full(definition.kind()));
    definition.walkStatus(maker::visit);
    return maker.bounds;
  }

  private static final class Maker {
    private final ObjectNode full;
    private final List<Bounds> bounds = new ArrayList<>();

    Maker(ObjectNode full) {
      this.full = full;
    }

    void visit(String path, JsonNode schema) {
      String pointer = "/" + path.replace("[]", "/0").replace('.', '/');
      int maxLength = schema.path("maxLength").asInt();
      int maxItems = schema.path("maxItems").asInt();
      long minimum = schema.path("minimum").asLong();
      long maximum = schema.path("maximum").asLong();
      if (schema.has("maxLength")) {
        add(path, "maxLength", pointer, text("a", maxLength), text("a", maxLength + 1));
      }
      if (schema.has("minLength")) {
        add(path, "minLength", pointer, TextNode.valueOf("a"), TextNode.valueOf(""));
      }
      if (schema.has("pattern")) {
        add(path, "pattern", pointer, null, TextNode.valueOf("no word"));
      }
      if (schema.has("enum")) {
        add(path, "enum", pointer, schema.at("/enum/0"), TextNode.valueOf("Nonsense"));
      }
      if (schema.path("format").asText().equals("date-time")) {
        add(path, "format", pointer, null, TextNode.valueOf("yesterday"));
      }
      if (schema.has("minimum")) {
        add(path, "minimum", pointer, LongNode.valueOf(minimum), LongNode.valueOf(minimum - 1));
      }
      if (schema.has("maximum")) {
        add(path, "maximum", pointer, LongNode.valueOf(maximum), LongNode.valueOf(maximum + 1));
      }
      if (schema.path("format").asText().equals("int32")) {
        add(path, "int32", pointer, null, LongNode.valueOf(1L << 31));
      }
      if (schema.has("maxItems")) {
        JsonNode first = full.at(pointer).path(0);
        add(path, "maxItems", pointer, copies(first, maxItems), copies(first, maxItems + 1));
        if (!schema.path("x-kubernetes-list-type").asText().equals("atomic")) {
          ArrayNode twice = Corpus.YAML.createArrayNode().add(first).add(first);
          add(path, "unique", pointer, null, twice);
        }
      }
      for (JsonNode required : schema.path("required")) {
        ObjectNode without = full.at(pointer).deepCopy();
        without.remove(required.asText());
        add(path, "required " + required.asText(), pointer, null, without);
      }
    }

    private static TextNode text(String character, int length) {
      return TextNode.valueOf(character.repeat(length));
    }

    /** So many elements like this one, all different. */
    private static ArrayNode copies(JsonNode element, int count) {
      ArrayNode list = Corpus.YAML.createArrayNode();
      for (int i = 0; i < count; i++) {
        JsonNode copy = element.deepCopy();
        if (copy instanceof ObjectNode object && object.has("lastTransitionTime")) {
          object.put("type", "Type" + i);
        }
        list.add(copy.isTextual() ? TextNode.valueOf("e" + i) : copy);
      }
      return list;
    }

    private void add(
        String path, String bound, String pointer, @Nullable JsonNode at, JsonNode beyond) {
      bounds.add(
          new Bounds(
              path + " " + bound,
              Optional.ofNullable(at).map(value -> with(pointer, value)),
              with(pointer, beyond)));
    }

    private ObjectNode with(String pointer, JsonNode value) {
      ObjectNode object = full.deepCopy();
      int slash = pointer.lastIndexOf('/');
      String name = pointer.substring(slash + 1);
      switch (object.at(pointer.substring(0, slash))) {
        case ObjectNode parent -> parent.set(name, value);
        case ArrayNode parent -> parent.set(Integer.parseInt(name), value);
        default -> throw new AssertionError("no " + pointer + " in the full object");
      }
      return object;
    }
  }
}
