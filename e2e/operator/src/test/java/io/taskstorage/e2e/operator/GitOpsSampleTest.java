package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample repository: every folder applies as it is, and what points to one finds it. */
@ApiServerTest
@ExtendWith(Installation.Parameter.class)
class GitOpsSampleTest {

  private static final Path SAMPLE = Installation.ROOT.resolve("samples/gitops");
  private static final YAMLMapper YAML = new YAMLMapper();

  @ParameterizedTest
  @ValueSource(strings = {"platform/crds", "platform/operator", "platform/values"})
  void platformFoldersApply(String folder, Installation installation) {
    // Given
    String path = SAMPLE.resolve(folder).toString();
    ApiServer server = installation.server();
    // When
    String said = server.kubectl("apply", "--server-side", "--dry-run=server", "-k", path).stderr();
    // Then
    assertThat(said).isEmpty();
  }

  @Test
  void teamFolderApplies(Installation installation) {
    // Given
    ApiServer server = installation.server();
    String namespace = server.createNamespace("team-folder");
    String rendered =
        server.kubectl("kustomize", SAMPLE.resolve("teams/shop").toString()).stdoutIfDone();
    // When
    String said =
        server
            .kubectlWithInput(
                rendered.replace("namespace: shop", "namespace: " + namespace),
                "apply",
                "--server-side",
                "--dry-run=server",
                "-f",
                "-")
            .stdoutIfDone();
    // Then
    assertThat(said).contains("taskstoragepolicy.taskstorage.io/cart serverside-applied");
    server.kubectl("delete", "namespace", namespace, "--wait=false").stdoutIfDone();
  }

  @Test
  void everyComponentApplies(Installation installation, @TempDir Path folder) throws IOException {
    try (Stream<Path> components = Files.list(Installation.FOLDER.resolve("components"))) {
      for (Path component : components.toList()) {
        // Given
        Files.writeString(folder.resolve("kustomization.yaml"), added(component, folder));
        // When
        String said =
            installation
                .server()
                .kubectl("apply", "--server-side", "--dry-run=server", "-k", folder.toString())
                .stdoutIfDone();
        // Then
        assertThat(said).contains("daemonset.apps/taskstorage-agent serverside-applied");
      }
    }
  }

  /** A component alone is no kustomization: what it is added to is. */
  private static String added(Path component, Path folder) throws IOException {
    Path from = folder.toRealPath();
    return """
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources: [%s]
    components: [%s]
    """
        .formatted(
            from.relativize(Installation.FOLDER.resolve("base").toRealPath()),
            from.relativize(component.toRealPath()));
  }

  @Test
  void pathsOfFluxAndArgoCdAreThere() throws IOException {
    assertThat(paths("flux/taskstorage.yaml", "/spec/path"))
        .containsExactly(
            "./platform/crds", "./platform/operator", "./platform/values", "./teams/shop")
        .allMatch(GitOpsSampleTest::hasKustomization);
    assertThat(paths("argocd/applications.yaml", "/spec/source/path"))
        .containsExactly("platform/crds", "platform/operator", "platform/values", "teams/shop")
        .allMatch(GitOpsSampleTest::hasKustomization);
  }

  @Test
  void definitionsAreNeverPruned() throws IOException {
    for (JsonNode object : documents("flux/taskstorage.yaml")) {
      boolean crds = object.at("/spec/path").asText().endsWith("crds");
      assertThat(object.at("/spec/prune").asBoolean()).isEqualTo(!crds);
    }
    for (JsonNode object : documents("argocd/applications.yaml")) {
      if (object.path("kind").asText().equals("Application")) {
        boolean crds = object.at("/spec/source/path").asText().endsWith("crds");
        assertThat(object.at("/spec/syncPolicy/automated/prune").asBoolean()).isEqualTo(!crds);
      }
    }
  }

  private static boolean hasKustomization(String folder) {
    return Files.exists(SAMPLE.resolve(folder).resolve("kustomization.yaml"));
  }

  private static List<String> paths(String file, String pointer) throws IOException {
    return documents(file).stream()
        .map(object -> object.at(pointer).asText())
        .filter(path -> !path.isEmpty())
        .toList();
  }

  private static List<JsonNode> documents(String file) throws IOException {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(SAMPLE.resolve(file).toFile())) {
      return documents.readAll();
    }
  }
}
