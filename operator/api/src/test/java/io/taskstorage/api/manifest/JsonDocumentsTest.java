package io.taskstorage.api.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDocumentsTest {

  @Test
  void everyPartHasItsLine() {
    // Given
    String text =
        """
        {
        \t"kind": "A",
        \t"spec": {"values": [
        \t\t{"field": "qos",
        \t\t "value": "7"}]}
        }
        {"kind": "B", "n": [1, 2.5, true, null, 18446744073709551615]}
        """;

    // When
    List<Document> documents = new ArrayList<>();
    Documents read = JsonDocuments.read(text, Parts.ALL, documents::add);

    // Then
    assertThat(read).isEqualTo(new Documents.Read());
    assertThat(documents).extracting(Document::line).containsExactly(1, 7);
    assertThat(documents.getFirst().lineOf("spec.values[qos].value")).isEqualTo(5);
    assertThat(documents.getLast().json())
        .hasToString("{\"kind\":\"B\",\"n\":[1,2.5,true,null,18446744073709551615]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '{"a": 1,#"a": 2}' | 2 | not valid JSON: Duplicate field 'a': correct the text
          '{"a":#tru}'       | 2 | not valid JSON: Unrecognized token: was expecting (JSON \
          String, Number, Array, Object or token 'null', 'true' or 'false'): correct the text
          '{"a": 1'          | 2 | not valid JSON: Unexpected end-of-input: expected close marker \
          for Object: correct the text
          """)
  void whatIsNoJsonIsToldWithItsLine(String json, int line, String message) {
    // Given
    String text = json.replace('#', '\n') + "\n";

    // When
    Documents documents = JsonDocuments.read(text, Parts.ALL, _ -> {});

    // Then
    assertThat(documents).isEqualTo(new Documents.Broken(line, message));
  }

  @Test
  void objectsOfOtherApisAreReadWithoutTheLinesOfTheirParts() {
    // Given
    String text =
        """
        {"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "v1", "kind": "Pod",
         "metadata": {"name": "a"}},
        {"apiVersion": "taskstorage.io/v1alpha1", "kind": "TaskStorageMap",
         "metadata": {"name": "b"}}]}
        """;
    List<Document> documents = new ArrayList<>();

    // When
    Documents read = JsonDocuments.read(text, Parts.ALL, documents::add);

    // Then
    assertThat(read).isEqualTo(new Documents.Read());
    assertThat(documents.getFirst().lines())
        .doesNotContainKey("/items/0/metadata/name")
        .containsEntry("/items/1/metadata/name", 5);
  }

  @Test
  void ofObjectsOfOtherApisOnlyThePartsAskedForAreKept() {
    // Given
    String ours =
        "{\"apiVersion\":\"taskstorage.io/v1alpha1\",\"kind\":\"TaskStorageMap\",\"spec\":{\"a\":[1]}}";
    String text =
        """
        {"apiVersion": "v1", "items": [
        {"apiVersion": "v1", "kind": "Pod", "status": {"phase": "Running", "conditions": [{}]},
         "spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "env": [{}]}], "c": 1},
         "metadata": {"labels": {"name": "n", "c": "d"}, "uid": "u"}},
        %s
        ], "kind": "List", "more": 1}
        """
            .formatted(ours);
    Parts parts = Parts.of("metadata.labels", "spec.containers.name", "status.phase");
    List<Document> documents = new ArrayList<>();

    // When
    Documents read = JsonDocuments.read(text, parts, documents::add);

    // Then
    assertThat(read).isEqualTo(new Documents.Read());
    assertThat(documents.getFirst().item(0).json())
        .hasToString(
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"status\":{\"phase\":\"Running\"},"
                + "\"spec\":{\"containers\":[{\"name\":\"a\"},{\"name\":\"b\"}]},"
                + "\"metadata\":{\"labels\":{\"name\":\"n\",\"c\":\"d\"}}}");
    assertThat(documents.getFirst().item(1).json()).hasToString(ours);
    assertThat(documents.getFirst().json().path("more").asInt()).isEqualTo(1);
  }

  @Test
  void whatIsWrongInPartsThatNobodyAskedForIsStillTold() {
    // Given
    String text =
        """
        {"apiVersion": "v1", "kind": "Pod",
         "spec": {"a": 1,
                  "a": 2}}
        """;

    // When
    Documents read = JsonDocuments.read(text, Parts.NONE, _ -> {});

    // Then
    assertThat(read)
        .isEqualTo(
            new Documents.Broken(3, "not valid JSON: Duplicate field 'a': correct the text"));
  }
}
