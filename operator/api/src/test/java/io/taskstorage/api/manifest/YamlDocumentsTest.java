package io.taskstorage.api.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlDocumentsTest {

  @Test
  void everyPartHasItsLine() {
    // Given
    String text =
        """
        # a comment
        kind: A
        spec:
          values:
          - field: qos
            value: "7"
          - field: app
            value: web
        ---
        kind: B
        """;

    // When
    List<Document> documents = read(text);

    // Then
    assertThat(documents).extracting(Document::line).containsExactly(2, 10);
    Document first = documents.getFirst();
    assertThat(first.lineOf("spec.values[qos].value")).isEqualTo(6);
    assertThat(first.lineOf("spec.values[1].value")).isEqualTo(8);
    assertThat(first.lineOf("spec.values[app].valu")).isEqualTo(7);
    assertThat(first.lineOf("metadata.name")).isEqualTo(2);
  }

  @Test
  void aKeyWithDotsIsOneSegment() {
    // Given
    String text =
        """
        spec:
          nodeSelector:
            matchLabels:
              a: b
              kubernetes.io/os: linux
        """;

    // When
    Document document = read(text).getFirst();

    // Then
    assertThat(document.lineOf("spec.nodeSelector.matchLabels[kubernetes.io/os]")).isEqualTo(5);
  }

  @Test
  void emptyDocumentsAreLeftOut() {
    // Given
    String text = "---\n# nothing\n---\n---\nkind: A\n---\n";

    // When
    List<Document> documents = read(text);

    // Then
    assertThat(documents).extracting(Document::line).containsExactly(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          5          | 5
          -12        | -12
          0x1F       | 31
          010        | "010"
          1_000      | "1_000"
          1.5        | 1.5
          1e3        | 1E+3
          yes        | true
          Off        | false
          true       | true
          ~          | null
          null       | null
          a: b       | {"a":"b"}
          2024-01-01 | "2024-01-01"
          12:30      | "12:30"
          .inf       | ".inf"
          18446744073709551615 | 18446744073709551615
          '!!str 5'  | "5"
          '"5"'      | "5"
          """)
  void scalarsMeanWhatTheyMeanToKubectl(String yaml, String json) {
    // Given
    String text = yaml.startsWith("a:") ? "x:\n  " + yaml + "\n" : "x: " + yaml + "\n";

    // When
    Document document = read(text).getFirst();

    // Then
    assertThat(document.json().path("x")).hasToString(json);
  }

  @Test
  void anchorsAndMergeKeysAreResolved() {
    // Given
    String text =
        """
        base: &base
          tier: Admin
          priority: 1
        one:
          <<: *base
          priority: 2
        two:
          <<: [{tier: Baseline}, *base]
        again: *base
        """;

    // When
    Document document = read(text).getFirst();

    // Then
    assertThat(document.json().path("one")).hasToString("{\"priority\":2,\"tier\":\"Admin\"}");
    assertThat(document.json().path("two")).hasToString("{\"tier\":\"Baseline\",\"priority\":1}");
    assertThat(document.json().path("again")).hasToString("{\"tier\":\"Admin\",\"priority\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a: b: c            | 1 | not valid YAML: mapping values are not allowed here: correct the text
          'a: 1#b: 2#a: 3'   | 3 | key a is already on line 1: keep one of them
          'a: 1#b: [1, 2'    | 2 | not valid YAML: expected ',' or ']', but got <stream end> (for what begins on line 2): correct the text
          'a: *none'         | 1 | not valid YAML: found undefined alias: correct the text
          'a: 1#b: !secret x'| 2 | a tag that is not known: leave it out, or put text that begins with ! in quotes
          '? [a]#: 1'        | 1 | a key must be text: put text with braces in quotes
          'a: "b'            | 1 | not valid YAML: found unexpected end of stream (for what begins on line 1): correct the text
          '<<: 5'            | 1 | a merge key needs a mapping: give it one
          """)
  void whatIsNoYamlIsToldWithItsLine(String yaml, int line, String message) {
    // Given
    String text = yaml.replace('#', '\n') + "\n";

    // When
    Documents documents = broken(text);

    // Then
    assertThat(documents).isEqualTo(new Documents.Broken(line, message));
  }

  @Test
  void whatAliasesMultiplyIsBounded() {
    // Given
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      String alias = "*a" + (i - 1);
      text.append("a%d: &a%d [%s]\n".formatted(i, i, (alias + ", ").repeat(9) + alias));
    }

    // When
    Documents documents = broken(text.toString());

    // Then
    assertThat(documents)
        .isEqualTo(
            new Documents.Broken(
                1, "more than 200000 parts with aliases resolved: write fewer or use no aliases"));
  }

  @Test
  void whatContainsItselfIsRefused() {
    // Given
    String text = "a: &a\n  b: *a\n";

    // When
    Documents documents = broken(text);

    // Then
    assertThat(documents)
        .isEqualTo(new Documents.Broken(1, "nested deeper than 64 levels: make it flatter"));
  }

  @Test
  void deepNestingIsRefused() {
    // Given
    String text = "[".repeat(100_000);

    // When
    Documents documents = broken(text);

    // Then
    assertThat(documents)
        .isEqualTo(
            new Documents.Broken(
                1, "not valid YAML: Nesting Depth exceeded max 64: correct the text"));
  }

  private static List<Document> read(String text) {
    List<Document> documents = new ArrayList<>();
    assertThat(YamlDocuments.read(text, ManifestText.MAX_PARTS, documents::add))
        .isEqualTo(new Documents.Read());
    return documents;
  }

  @Test
  void objectsOfOtherApisAreReadWithoutTheLinesOfTheirParts() {
    // When
    List<Document> documents =
        read(
            """
            kind: Pod
            metadata: {name: a}
            apiVersion: v1
            ---
            kind: TaskStorageMap
            metadata: {name: b}
            apiVersion: taskstorage.io/v1alpha1
            """);

    // Then
    assertThat(documents.getFirst().lines()).containsOnlyKeys("");
    assertThat(documents.getLast().lines()).containsEntry("/metadata/name", 6);
  }

  private static Documents broken(String text) {
    return YamlDocuments.read(text, ManifestText.MAX_PARTS, _ -> {});
  }
}
