package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.taskstorage.api.v1alpha1.LabelSelector;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LabelSelectionTest {

  static Stream<Arguments> selectors() {
    return Table.rows("LabelSelectionTest/selectors.table", 3);
  }

  @ParameterizedTest
  @MethodSource("selectors")
  void selectsAsKubernetesDoes(String taken, String selector, String labels) throws Exception {
    // Given
    LabelSelector read = Corpus.YAML.readValue(selector, LabelSelector.class);
    Map<String, String> have = Corpus.YAML.readValue(labels, new TypeReference<>() {});
    // When
    boolean selects = LabelSelection.selects(read, have);
    // Then
    assertThat(selects).isEqualTo(taken.equals("yes"));
  }
}
