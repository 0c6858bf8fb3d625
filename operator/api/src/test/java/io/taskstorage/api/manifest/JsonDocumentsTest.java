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
    Documents read = JsonDocuments.read(text, documents::add);

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
          '{"a":#tru}'       | 2 | not valid JSON: Unrecognized token 'tru': was expecting (JSON \
          String, Number, Array, Object or token 'null', 'true' or 'false'): correct the text
          '{"a": 1'          | 2 | not valid JSON: Unexpected end-of-input: expected close marker \
          for Object: correct the text
          """)
  void whatIsNoJsonIsToldWithItsLine(String json, int line, String message) {
    // Given
    String text = json.replace('#', '\n') + "\n";

    // When
    Documents documents = JsonDocuments.read(text, _ -> {});

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
    Documents read = JsonDocuments.read(text, documents::add);

    // Then
    assertThat(read).isEqualTo(new Documents.Read());
    assertThat(documents.getFirst().lines())
        .doesNotContainKey("/items/0/metadata/name")
        .containsEntry("/items/1/metadata/name", 5);
  }
}
