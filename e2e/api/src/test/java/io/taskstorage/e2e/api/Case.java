package io.taskstorage.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * One object of the corpus.
 *
 * @param name what is special about it
 * @param document the whole object
 * @param refusedLater where the policy engine finds a problem that no schema can see; empty if
 *     server and engine must agree
 */
record Case(String name, ObjectNode document, Optional<String> refusedLater) {

  String kind() {
    return document.path("kind").asText();
  }

  JsonNode spec() {
    return document.path("spec");
  }

  @Override
  public String toString() {
    return name;
  }
}
