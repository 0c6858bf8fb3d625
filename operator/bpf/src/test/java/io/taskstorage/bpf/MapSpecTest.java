package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wanted of a map, against what was found. */
class MapSpecTest {
  private static final MapSpec SPEC = ByteMaps.bytes("wanted", 40);

  @Test
  void theAttributesAreThoseThatEveryConsumerExpects() {
    assertThat(SPEC.mapType()).isEqualTo(29);
    assertThat(SPEC.keySize()).isEqualTo(4);
    assertThat(SPEC.maxEntries()).isZero();
    assertThat(SPEC.mapFlags()).isEqualTo(1);
  }

  @Test
  void theSameMapHasNoDifferences() {
    // When
    List<String> differences = SPEC.differences(info(29, 4, 40, 0, 1, "wanted"));

    // Then
    assertThat(differences).isEmpty();
  }

  @Test
  void everyDifferenceIsTold() {
    // When
    List<String> differences = SPEC.differences(info(1, 8, 48, 16, 0, "found"));

    // Then
    assertThat(differences)
        .containsExactly(
            "type: 29 wanted, 1 found",
            "key_size: 4 wanted, 8 found",
            "value_size: 40 wanted, 48 found",
            "max_entries: 0 wanted, 16 found",
            "map_flags: 1 wanted, 0 found",
            "name: wanted wanted, found found");
  }

  private static MapInfo info(
      int type, int keySize, int valueSize, int maxEntries, int flags, String name) {
    return new MapInfo(type, 7, keySize, valueSize, maxEntries, flags, name, 3, 1, 4, 0, false);
  }
}
