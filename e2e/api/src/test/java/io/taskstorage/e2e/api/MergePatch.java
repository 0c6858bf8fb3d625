package io.taskstorage.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON merge patches (RFC 7386) with short forms for what is long.
 *
 * <p>A text {@code a**1025} stands for one of 1025 characters that begins with {@code a} and goes
 * on with more of it, and {@code a**1025.service} for one that ends with {@code .service}. An
 * object {@code {repeat: 17, of: X}} stands for a list of 17 X, in which {@code %d} is the index;
 * with {@code key: k%d} it stands for an object of 17 such keys.
 */
final class MergePatch {

  private static final Pattern LONG = Pattern.compile("(.*)\\*\\*([0-9]+)(.*)", Pattern.DOTALL);

  private MergePatch() {}

  /** Changes the target as the patch says; null takes away. */
  static void apply(ObjectNode target, JsonNode patch) {
    patch
        .properties()
        .forEach(
            entry -> {
              JsonNode change = entry.getValue();
              if (change.isNull()) {
                target.remove(entry.getKey());
              } else if (change.isObject() && !change.has("repeat")) {
                JsonNode old = target.get(entry.getKey());
                ObjectNode part =
                    old instanceof ObjectNode o ? o : JsonNodeFactory.instance.objectNode();
                apply(part, change);
                target.set(entry.getKey(), part);
              } else {
                target.set(entry.getKey(), expanded(change));
              }
            });
  }

  private static JsonNode expanded(JsonNode node) {
    return switch (node) {
      case ObjectNode object when object.has("repeat") -> repeated(object);
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
      case TextNode text -> TextNode.valueOf(text(text.asText()));
      default -> node;
    };
  }

  private static JsonNode repeated(ObjectNode form) {
    int times = form.path("repeat").asInt();
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < times; i++) {
      JsonNode element = expanded(numbered(form.path("of"), i));
      list.add(element);
      object.set(form.path("key").asText().replace("%d", String.valueOf(i)), element);
    }
    return form.has("key") ? object : list;
  }

  private static JsonNode numbered(JsonNode node, int index) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = object.deepCopy();
        copy.properties().forEach(entry -> entry.setValue(numbered(entry.getValue(), index)));
        yield copy;
      }
      case TextNode text -> TextNode.valueOf(text.asText().replace("%d", String.valueOf(index)));
      default -> node;
    };
  }

  /** The text itself, or the long one that it stands for. */
  static String text(String text) {
    Matcher matcher = LONG.matcher(text);
    if (!matcher.matches()) {
      return text;
    }
    String start = matcher.group(1);
    String end = matcher.group(3);
    int missing =
        Integer.parseInt(matcher.group(2))
            - start.codePointCount(0, start.length())
            - end.codePointCount(0, end.length());
    int last = start.isEmpty() ? 'a' : start.codePointBefore(start.length());
    String filler = Character.toString(Character.isLetter(last) ? last : 'a');
    return start + filler.repeat(missing) + end;
  }
}
