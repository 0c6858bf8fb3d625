package io.taskstorage.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tests get from the testkit. */
@ApiServerTest
class ApiServerStoryTest {

  @Test
  void serves(ApiServer server) {
    // Given
    String namespace = server.createNamespace("serves");

    // When
    Outcome got = server.kubectl("get", "namespace", namespace, "-o", "name");

    // Then
    assertThat(got.stdoutIfDone()).isEqualTo("namespace/" + namespace + "\n");
    assertThat(server.createNamespace("serves")).isNotEqualTo(namespace);
  }

  @Test
  void reportsWhatKubectlRefuses(ApiServer server) {
    // When
    Outcome refused = server.kubectlWithInput("kind: Nothing", "apply", "-f", "-");

    // Then
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.stderr()).contains("apiVersion not set");
  }

  @Test
  void appliesAFolder(ApiServer server, @TempDir Path folder) throws IOException {
    // Given
    String namespace = server.createNamespace("applies");
    Files.writeString(folder.resolve("one.yaml"), configMap(namespace, "plain"));

    // When
    server.apply(folder);
    Files.writeString(
        folder.resolve("kustomization.yaml"), "namePrefix: made-\nresources: [one.yaml]\n");
    server.apply(folder);

    // Then
    assertThat(server.kubectl("get", "-n", namespace, "configmaps", "-o", "name").stdoutIfDone())
        .contains("configmap/plain\n", "configmap/made-plain\n");
  }

  @Test
  void controllersWork(ApiServer server) {
    // Given
    String namespace = server.createNamespace("controllers");

    // When
    Outcome gone = server.kubectl("delete", "namespace", namespace);

    // Then: the controller manager has emptied and removed it
    assertThat(gone.stdoutIfDone()).isEqualTo("namespace \"" + namespace + "\" deleted\n");
  }

  @Test
  @ApiServerTest(kubernetes = "1.33")
  void oldestVersionServesToo(ApiServer server) {
    // Then
    assertThat(server.version()).isEqualTo("1.33");
    assertThat(server.kubectl("version").stdoutIfDone())
        .contains("Client Version: v1.33.", "Server Version: v1.33.");
  }

  private static String configMap(String namespace, String name) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata: {namespace: %s, name: %s}
    """
        .formatted(namespace, name);
  }
}
