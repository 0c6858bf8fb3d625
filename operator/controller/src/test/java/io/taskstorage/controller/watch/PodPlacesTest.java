package io.taskstorage.controller.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is taken from a table of pods. */
class PodPlacesTest {

  @Test
  void nodesOfATable() throws IOException {
    // Given
    Set<String> nodes = new TreeSet<>();
    String table =
        """
        {"kind": "Table", "metadata": {"resourceVersion": "7", "continue": "more"},
         "columnDefinitions": [{"name": "Name"}, {"name": "Node", "priority": 1}, {"name": "Age"}],
         "rows": [{"cells": ["a", "node-1", {"deep": ["Node"]}], "object": null},
                  {"cells": ["b", "<none>", "1s"]}, {"cells": ["c", "node-2", "1s"]},
                  {"cells": ["d", "node-1", "1s"]}]}
        """;
    // When
    String rest = PodPlaces.read(table.getBytes(StandardCharsets.UTF_8), nodes);
    // Then
    assertThat(nodes).containsExactly("node-1", "node-2");
    assertThat(rest).isEqualTo("more");
  }

  @Test
  void whatIsNoTableIsNotTakenForAClusterWithoutPods() {
    // Given
    byte[] list = "{\"kind\": \"PodList\", \"items\": []}".getBytes(StandardCharsets.UTF_8);
    // When, Then
    assertThatThrownBy(() -> PodPlaces.read(list, new TreeSet<>()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no table with a column Node");
  }
}
