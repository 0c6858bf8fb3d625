package io.taskstorage.cli.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.taskstorage.console.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {
  private static final String TWO =
      """
      apiVersion: v1
      kind: Config
      current-context: near
      clusters:
      - {name: near, cluster: {server: "http://near.example:1"}}
      - {name: far, cluster: {server: "http://far.example:1"}}
      contexts:
      - {name: near, context: {cluster: near, user: me}}
      - {name: far, context: {cluster: far, user: me, namespace: shop}}
      users:
      - {name: me, user: {}}
      """;

  @TempDir Path home;

  @Test
  void withoutOneTheMessageSaysWhereItIsLookedFor() {
    assertThatThrownBy(() -> find(Optional.empty(), Map.of("HOME", home.toString())))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "read kubeconfig: there is none: name one by --kubeconfig or KUBECONFIG, or write %s"
                .formatted(home.resolve(".kube/config")));
  }

  @Test
  void theOneInTheHomeFolderIsTaken() throws IOException {
    // Given
    Files.createDirectory(home.resolve(".kube"));
    Files.writeString(home.resolve(".kube/config"), TWO);

    // When
    Config config = find(Optional.empty(), Map.of("HOME", home.toString()));

    // Then
    assertThat(config.getMasterUrl()).isEqualTo("http://near.example:1/");
  }

  @Test
  void theContextThatIsNamedDecides() throws IOException {
    // Given
    Path file = Files.writeString(home.resolve("two"), TWO);

    // When
    Config config = find(Optional.of("far"), Map.of("KUBECONFIG", file.toString()));

    // Then
    assertThat(config.getMasterUrl()).isEqualTo("http://far.example:1/");
    assertThat(config.getNamespace()).isEqualTo("shop");
  }

  private static Config find(Optional<String> context, Map<String, String> environment) {
    return Kubeconfig.find(Optional.empty(), context, environment);
  }
}
