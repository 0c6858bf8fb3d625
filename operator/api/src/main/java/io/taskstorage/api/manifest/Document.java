package io.taskstorage.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One document of a manifest file: what it says, and on which line each part of it is.
 *
 * @param json what the document says
 * @param pointer where {@code json} is inside the parsed document, "" for the document itself; an
 *     item of a List has its own
 * @param lines the line of every part, counted from 1, by JSON pointer from the document's root
 */
public record Document(JsonNode json, String pointer, Map<String, Integer> lines) {

  public Document {
    lines = Map.copyOf(lines);
  }

  /** The line this document, or this item of a List, begins on. */
  public int line() {
    return lines.getOrDefault(pointer, 1);
  }

  /** Item {@code index} of this document's {@code items}. */
  Document item(int index) {
    return new Document(json.path("items").path(index), pointer + "/items/" + index, lines);
  }

  /**
   * The line of a spec path such as {@code spec.values[qos].value} or {@code
   * spec.value.fields[3].length}. What the document does not contain (a missing field) has the line
   * of the nearest part around it.
   */
  public int lineOf(String path) {
    JsonNode here = json;
    String at = pointer;
    for (String segment : PathSegments.of(path)) {
      String next = step(here, segment);
      if (next == null) {
        break;
      }
      here = here.isArray() ? here.path(Integer.parseInt(next)) : here.path(next);
      at = at + "/" + escaped(next);
    }
    return lines.getOrDefault(at, line());
  }

  /** The key or index that {@code segment} means inside {@code here}, or null. */
  private static @Nullable String step(JsonNode here, String segment) {
    if (here.isObject()) {
      return here.has(segment) ? segment : null;
    }
    if (!here.isArray()) {
      return null;
    }
    for (int i = 0; i < here.size(); i++) {
      JsonNode item = here.path(i);
      boolean named =
          item.path("field").asText("").equals(segment)
              || item.path("name").asText("").equals(segment)
              || (item.isValueNode() && item.asText().equals(segment));
      if (named || Integer.toString(i).equals(segment)) {
        return Integer.toString(i);
      }
    }
    return null;
  }

  /** A key as a JSON pointer segment (RFC 6901). */
  static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
