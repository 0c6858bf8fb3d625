package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "tenants",
        "a-b",
        "0",
        "9x",
        "a23456789012345678901234567890123456789012345678901234567890123"
      })
  void aMapNameIsADnsLabel(String name) {
    // When
    MapName map = new MapName(name);
    // Then
    assertThat(map.value()).isEqualTo(name);
    assertThat(map).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-a",
        "a-",
        "a.b",
        "A",
        "a_b",
        "a/b",
        "..",
        "a b",
        "ä",
        "a234567890123456789012345678901234567890123456789012345678901234"
      })
  void anythingElseIsNoMapName(String name) {
    // When, Then
    assertThatThrownBy(() -> new MapName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "map name '%s': not a DNS label: use 1 to 63 of a-z, 0-9 and '-', beginning and ending"
                    .formatted(name)
                + " with a letter or digit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "_", "A9_", "tenant_ctx", "fifteen_letters"})
  void aBpfNameIsWhatTheKernelAndBpffsTake(String name) {
    // When
    BpfName bpfName = new BpfName(name);
    // Then
    assertThat(bpfName.value()).isEqualTo(name);
    assertThat(bpfName).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "a.b", "a-b", "a b", "a/b", "..", "ä", "sixteen__letters"})
  void anythingElseIsNoBpfName(String name) {
    // When, Then
    assertThatThrownBy(() -> new BpfName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "bpf name '%s': not a name for a kernel map: use 1 to 15 of A-Z, a-z, 0-9 and '_', not"
                    .formatted(name)
                + " beginning with a digit");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void aCgroupIdIsPositive(long id) {
    // When, Then
    assertThatThrownBy(() -> new CgroupId(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cgroup id " + id + ": not positive: use the inode number of a cgroup2 directory");
  }

  @Test
  void wordsForPeopleAndManifestsAreTheseAndNoOthers() {
    // When, Then
    assertThat(Arrays.stream(Plane.values()).map(Plane::display))
        .containsExactly("InKernel", "Rescan", "Emulated");
    assertThat(Arrays.stream(Reclaim.values()).map(Reclaim::wireName))
        .containsExactly("Delete", "Retain");
    assertThat(Reclaim.ofWireName("Retain")).contains(Reclaim.RETAIN);
    assertThat(Reclaim.ofWireName("retain")).isEmpty();
  }
}
