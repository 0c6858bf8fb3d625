package io.taskstorage.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every definition under {@code crds/} tells its readers: it is the reference. */
class CrdWordsTest {

  static Stream<String> kinds() {
    return Crds.kinds();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void describesEveryProperty(String kind) {
    assertThat(
            Crds.problems(
                kind,
                (path, schema) -> {
                  // The elements of a list of texts are described with the list.
                  boolean isText =
                      path.endsWith("]") && schema.path("type").asText().equals("string");
                  String description = schema.path("description").asText();
                  return isText || path.equals(".metadata") || description.endsWith(".")
                      ? List.of()
                      : List.of("no description in sentences");
                }))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void givesAnExampleOfEveryValue(String kind) {
    assertThat(
            Crds.problems(
                kind,
                (path, schema) -> {
                  boolean isValue =
                      path.contains(".spec.") && !path.endsWith("]") && !schema.has("properties");
                  boolean hasOneWord = schema.path("enum").size() == 1;
                  return isValue
                          && !hasOneWord
                          && !schema.path("description").asText().contains("Example: ")
                      ? List.of("no example")
                      : List.of();
                }))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void describesEveryDefaultAndBound(String kind) {
    assertThat(
            Crds.problems(
                kind,
                (path, schema) -> {
                  if (!path.startsWith(".spec.")) {
                    return List.of();
                  }
                  String description = schema.path("description").asText();
                  List<String> problems = new ArrayList<>();
                  if (schema.has("default") && !description.contains("Default: ")) {
                    problems.add("the default is not described");
                  }
                  schema
                      .path("enum")
                      .forEach(
                          word -> {
                            if (!description.contains(word.asText())) {
                              problems.add(word + " is not described");
                            }
                          });
                  for (String bound : List.of("minimum", "maximum", "maxItems", "maxProperties")) {
                    if (schema.has(bound)
                        && !description.contains("exactly one")
                        && !description.contains(schema.path(bound).asText())) {
                      problems.add(bound + " is not described");
                    }
                  }
                  return problems;
                }))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void saysWhatEveryRuleWants(String kind) {
    assertThat(
            Crds.problems(
                kind,
                (path, schema) -> {
                  List<String> problems = new ArrayList<>();
                  for (JsonNode rule : schema.path("x-kubernetes-validations")) {
                    String message = rule.path("message").asText();
                    if (!message.matches("\\S.* (must|is immutable:) ?.*|must .*")
                        || message.endsWith(".")) {
                      problems.add(rule.path("rule").asText() + " says " + message);
                    }
                  }
                  return problems;
                }))
        .isEmpty();
  }
}
