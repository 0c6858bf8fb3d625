package io.taskstorage.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "abc, abc, 0",
    "abc, ABC, 0",
    "abc, ab, 1",
    "abc, abcd, 1",
    "abc, abx, 1",
    "abc, acb, 1",
    "abcd, badc, 2",
    "'', abc, 3",
    "kitten, sitting, 3"
  })
  void countsEdits(String from, String to, int edits) {
    assertThat(Spelling.edits(from, to)).isEqualTo(edits);
    assertThat(Spelling.edits(to, from)).isEqualTo(edits);
  }

  @Test
  void findsTheNearestName() {
    // Given
    List<String> known = List.of("Admin", "Baseline", "U64");
    // Then
    assertThat(Spelling.nearest("admin", known)).contains("Admin");
    assertThat(Spelling.nearest("Basline", known)).contains("Baseline");
    assertThat(Spelling.nearest("u64", known)).contains("U64");
    assertThat(Spelling.nearest("F64", known)).isEmpty();
    assertThat(Spelling.nearest("Top", known)).isEmpty();
    assertThat(Spelling.nearest("a".repeat(65), known)).isEqualTo(Optional.empty());
  }
}
