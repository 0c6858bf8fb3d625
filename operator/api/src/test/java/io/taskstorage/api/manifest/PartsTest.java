package io.taskstorage.api.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartsTest {

  @ParameterizedTest
  @CsvSource({
    "metadata, true",
    "metadata.name, true",
    "metadata.name.below, true",
    "metadata.uid, false",
    "spec, true",
    "spec.any, true",
    "status, false",
  })
  void whatIsNamedIsKeptWithAllBelowAndAbove(String path, boolean isKept) {
    // Given
    Parts parts = Parts.of("metadata.name", "metadata.labels", "spec.containers.name", "spec");

    // When
    for (String property : path.split("\\.", -1)) {
      parts = parts.of(property);
    }

    // Then
    assertThat(parts.isNone()).isEqualTo(!isKept);
  }
}
