package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.policy.NodeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeLabelsTest {
  @Test
  void aNodeHasTheLabelsOfAKubelet() throws IOException {
    // When
    NodeFacts node = NodeLabels.of(Optional.empty(), Map.of());

    // Then
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    assertThat(node.name()).isEqualTo(hostname);
    assertThat(node.labels())
        .containsEntry("kubernetes.io/os", "linux")
        .containsEntry("kubernetes.io/hostname", hostname)
        .containsEntry("kubernetes.io/arch", NodeLabels.architecture(System.getProperty("os.arch")))
        .hasSize(3);
  }

  @Test
  void whatIsGivenGoesBeforeWhatIsFound() {
    // When
    NodeFacts node =
        NodeLabels.of(
            Optional.of("node-1"), Map.of("kubernetes.io/arch", "riscv64", "pool", "blue"));

    // Then
    assertThat(node.name()).isEqualTo("node-1");
    assertThat(node.labels())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "kubernetes.io/os", "linux",
                "kubernetes.io/hostname", "node-1",
                "kubernetes.io/arch", "riscv64",
                "pool", "blue"));
  }

  @ParameterizedTest
  @CsvSource({"amd64, amd64", "x86_64, amd64", "aarch64, arm64", "riscv64, riscv64"})
  void architecturesHaveTheNamesOfKubernetes(String java, String kubernetes) {
    // When, Then
    assertThat(NodeLabels.architecture(java)).isEqualTo(kubernetes);
  }
}
