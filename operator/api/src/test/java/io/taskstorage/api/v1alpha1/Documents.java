package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads YAML for tests. */
final class Documents {

  static final YAMLMapper YAML = new YAMLMapper();

  private Documents() {}

  static List<JsonNode> of(Path file) {
    try {
      return YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).readAll();
    } catch (IOException e) {
      throw new AssertionError("read " + file, e);
    }
  }

  /** The cases of {@link ManifestsTest} that are well-formed. */
  static List<JsonNode> wellFormed() {
    return of(Path.of("src/test/resources/ManifestsTest/well-formed/cases.yaml")).stream()
        .map(c -> c.path("document"))
        .toList();
  }
}
