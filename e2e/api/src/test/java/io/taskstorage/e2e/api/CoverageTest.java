package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.e2e.api.Refusals.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus leaves no rule and no bound of a spec without an object on either side of it. */
@NewestOnly
class CoverageTest {

  /** What the server says where a bound is broken. */
  private static final Map<String, String> WORDS =
      Map.of(
          "minLength", "should be at least",
          "maxLength", "Too long",
          "minItems", "should have at least",
          "maxItems", "Too many",
          "maxProperties", "Too many",
          "minimum", "should be greater than or equal to",
          "maximum", "should be less than or equal to",
          "enum", "Unsupported value");

  /** When a value is at a bound. */
  private static final Map<String, BiPredicate<JsonNode, Long>> REACHES =
      Map.of(
          "minLength", (value, bound) -> value.asText().length() == bound,
          "maxLength", (value, bound) -> value.asText().length() == bound,
          "minItems", (value, bound) -> value.size() == bound,
          "maxItems", (value, bound) -> value.size() == bound,
          "maxProperties", (value, bound) -> value.size() == bound,
          "minimum", (value, bound) -> value.asLong() == bound,
          "maximum", (value, bound) -> value.asLong() == bound);

  static Stream<Definition> definitions() {
    return Definition.all().stream().filter(d -> d.schema().at("/properties/spec").isObject());
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void everyRuleIsBroken(Definition definition) {
    // Given
    List<Line> refusals = refusals(definition);
    List<String> missing = new ArrayList<>();
    // When
    definition.walkSpec(
        (path, schema) -> {
          for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            String message = rule.path("message").asText();
            String fieldPath = rule.path("fieldPath").asText();
            String place = path.isEmpty() ? fieldPath.substring(1) : path + fieldPath;
            boolean changes = rule.path("rule").asText().contains("oldSelf");
            if (!changes && !said(refusals, place, message)) {
              missing.add(place + ": " + message);
            }
          }
        });
    // Then
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void everyBoundIsBroken(Definition definition) {
    // Given
    List<Line> refusals = refusals(definition);
    List<String> missing = new ArrayList<>();
    // When
    definition.walkSpec(
        (path, schema) -> {
          for (Map.Entry<String, String> bound : WORDS.entrySet()) {
            if (schema.has(bound.getKey()) && !said(refusals, path, bound.getValue())) {
              missing.add(path + ": " + bound.getKey());
            }
          }
          for (JsonNode required : schema.path("required")) {
            String place = path.isEmpty() ? required.asText() : path + "." + required.asText();
            if (!said(refusals, place, "Required value")) {
              missing.add(place + ": required");
            }
          }
          String listType = schema.path("x-kubernetes-list-type").asText("atomic");
          boolean isUnique = !listType.equals("atomic") && schema.path("maxItems").asInt() > 1;
          if (isUnique && !said(refusals, path + "[]", "Duplicate value")) {
            missing.add(path + ": " + listType);
          }
        });
    // Then
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void everyBoundIsReached(Definition definition) {
    // Given
    Map<String, List<JsonNode>> values = new HashMap<>();
    for (Case c : cases(Corpus.valid(), definition)) {
      definition.walkValues(
          c.document(),
          (path, value) -> values.computeIfAbsent(path, key -> new ArrayList<>()).add(value));
    }
    List<String> missing = new ArrayList<>();
    // When
    definition.walkSpec(
        (path, schema) -> {
          List<JsonNode> seen = values.getOrDefault(path, List.of());
          REACHES.forEach(
              (bound, reaches) -> {
                long limit = schema.path(bound).asLong();
                if (schema.has(bound) && seen.stream().noneMatch(v -> reaches.test(v, limit))) {
                  missing.add(path + ": " + bound);
                }
              });
          for (JsonNode word : schema.path("enum")) {
            if (!seen.contains(word)) {
              missing.add(path + ": " + word);
            }
          }
          if (seen.isEmpty() && !path.equals("metadata")) {
            missing.add(path + ": never set");
          }
        });
    // Then
    assertThat(missing).isEmpty();
  }

  private static boolean said(List<Line> refusals, String path, String words) {
    return refusals.stream()
        .anyMatch(line -> line.schemaPath().equals(path) && line.message().contains(words));
  }

  private static List<Case> cases(List<Corpus.CaseFile> files, Definition definition) {
    return files.stream()
        .flatMap(file -> file.cases().stream())
        .filter(c -> c.kind().equals(definition.kind()))
        .toList();
  }

  private static List<Line> refusals(Definition definition) {
    List<Line> lines = new ArrayList<>();
    for (Corpus.CaseFile file : Corpus.invalid()) {
      Set<String> names = new HashSet<>();
      cases(List.of(file), definition).forEach(c -> names.add(c.name()));
      Refusals.of(file)
          .forEach(
              (name, said) -> {
                if (names.contains(name)) {
                  lines.addAll(said);
                }
              });
    }
    return lines;
  }
}
