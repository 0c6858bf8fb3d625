package io.taskstorage.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the server said.
 *
 * @param code the HTTP status
 * @param body the object as stored, or a Status
 * @param warnings texts of the Warning headers
 */
record Answer(int code, JsonNode body, List<String> warnings) {

  private static final Pattern REFUSED_VALUE = Pattern.compile(": Invalid value: (\"[^\"]*\": )?");
  private static final String NOT_CHECKED = "some validation rules were not checked";

  boolean isRefusal() {
    return code >= 400;
  }

  /**
   * The refusal in lines {@code path: message}, or in one line where the server names no paths.
   *
   * <p>Sorted, because the server does not order properties, and without its remark that the rules
   * wait until the rest is well.
   */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (JsonNode cause : body.at("/details/causes")) {
      if (!cause.path("message").asText().contains(NOT_CHECKED)) {
        lines.add(cause.path("field").asText() + ": " + cause.path("message").asText());
      }
    }
    return lines.isEmpty()
        ? List.of(body.path("message").asText())
        : lines.stream().distinct().sorted().toList();
  }

  /** The lines without the value that is refused, which older servers do not quote. */
  List<String> sentences() {
    return lines().stream().map(line -> REFUSED_VALUE.matcher(line).replaceFirst(": ")).toList();
  }

  /** The object, if it was taken. */
  JsonNode taken() {
    if (isRefusal()) {
      throw new AssertionError(code + " " + lines());
    }
    return body;
  }

  String resourceVersion() {
    return taken().at("/metadata/resourceVersion").asText();
  }
}
