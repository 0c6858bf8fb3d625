package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words and limits that definitions and code both have to know. */
@NewestOnly
class SameWordsTest {

  private static final JsonNode VALUE =
      Definition.of("TaskStorageMap").schema().at("/properties/spec/properties/value/properties");
  private static final JsonNode FIELD = VALUE.at("/fields/items/properties");
  private static final Pattern WORD = Pattern.compile("'([^']+)'");

  @Test
  void ofCAndItsCompilers() {
    // Given
    String rule = FIELD.at("/name/x-kubernetes-validations/1/rule").asText();
    // When
    List<String> words =
        WORD.matcher(rule).results().map((MatchResult word) -> word.group(1)).toList();
    // Then
    assertThat(words).containsExactlyInAnyOrderElementsOf(StructLayout.reservedWords());
  }

  @ParameterizedTest
  @CsvSource({
    "_Bool, true",
    "_x, false",
    "_, false",
    "__, false",
    "___, false",
    "____, false",
    "_____, true",
    "__x__, true",
    "__x_, false",
    "__X, true",
    "__builtin_, true",
    "__builtin, false",
    "__has_, true",
    "__has, false",
    "x__has_, false",
    "_1, false"
  })
  void ofFormsThatCompilersReserve(String name, boolean reserved) {
    // Given
    String rule = FIELD.at("/name/x-kubernetes-validations/2/rule").asText();
    String form = rule.substring(rule.indexOf('\'') + 1, rule.lastIndexOf('\''));
    // Then
    assertThat(Pattern.compile(form).matcher(name).find()).isEqualTo(reserved);
    assertThat(StructLayout.problems("t", List.of(Field.scalar(name, ScalarType.U8))).isEmpty())
        .isNotEqualTo(reserved);
  }

  @Test
  void ofTypesAndOwners() {
    assertThat(texts(FIELD.at("/type/enum")))
        .containsExactlyElementsOf(
            Arrays.stream(ScalarType.values()).map(ScalarType::wireName).toList());
    assertThat(texts(FIELD.at("/owner/enum")))
        .containsExactlyElementsOf(Arrays.stream(Owner.values()).map(Owner::wireName).toList());
  }

  @Test
  void ofLimits() {
    assertThat(FIELD.at("/length/maximum").asInt()).isEqualTo(StructLayout.MAX_LENGTH);
    assertThat(FIELD.at("/name/maxLength").asInt()).isEqualTo(StructLayout.MAX_NAME_CHARACTERS);
    assertThat(VALUE.at("/fields/maxItems").asInt()).isEqualTo(StructLayout.MAX_FIELDS);
    assertThat(VALUE.at("/fields/x-kubernetes-validations").toString())
        .contains("<= " + StructLayout.MAX_SIZE_BYTES);
  }

  /** Every variable that the description promises can be read, on its subjects. */
  @ParameterizedTest
  @CsvSource({
    "pods-policy, pod.name",
    "pods-policy, pod.namespace",
    "pods-policy, pod.uid",
    "pods-policy, pod.labels['a']",
    "pods-policy, pod.annotations['a']",
    "pods-policy, pod.serviceAccountName",
    "pods-policy, ns.name",
    "pods-policy, ns.labels['a']",
    "pods-policy, node.name",
    "pods-policy, node.labels['a']",
    "pods-policy, container.name",
    "pods-policy, container.image",
    "host-policy, node.name",
    "host-policy, node.labels['a']",
    "host-policy, process.unit",
    "host-policy, process.cgroupPath"
  })
  void ofExpressions(String base, String expression) {
    // Given
    String description =
        Definition.of("ClusterTaskStoragePolicy")
            .schema()
            .at(
                "/properties/spec/properties/values/items/properties/valueFrom/properties/cel"
                    + "/properties/expression/description")
            .asText();
    JsonNode policy =
        Corpus.changed(
            base,
            "{spec: {values: [{field: app, valueFrom: {cel: {expression: \"%s\"}}}]}}"
                .formatted(expression));
    // Then
    assertThat(Engine.problems(policy)).isEmpty();
    assertThat(description).contains(expression.replaceFirst("\\[.*", ""));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
