package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.e2e.operator.HealthProgram.Said;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What kstatus, Argo CD and kubectl wait make of our objects. */
@ApiServerTest
@ExtendWith(Installation.Parameter.class)
class HealthTest {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path SAMPLE = Installation.ROOT.resolve("samples/gitops");
  private static final Path TOOLS = Installation.ROOT.toAbsolutePath().resolve("tools");
  private static final String PATIENCE = "2m";
  private static final String READY =
      """
      {"status": {"observedGeneration": 1, "conditions": [
        {"type": "Ready", "status": "True", "reason": "Programmed", "message": "4 of 4 nodes",
         "observedGeneration": 1, "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
      """;

  @ParameterizedTest
  @CsvSource({
    "platform/values/map.yaml, tsmap, shared-ctx",
    "platform/values/policies.yaml, ctspolicy, shared-identity",
    "teams/shop/policy.yaml, tspolicy, cart"
  })
  void whoWaitsHearsOfAnObjectFromTheFirstMomentOn(
      String file, String type, String name, Installation installation) {
    // Given
    ApiServer server = installation.server();
    String path = SAMPLE.resolve(file).toString();
    server.kubectl("apply", "--server-side", "-f", path).stdoutIfDone();
    try (Child waiting =
        server
            .command("wait", type, name, "--for=condition=Ready", "--timeout=" + PATIENCE)
            .start()) {
      // Then: nobody has seen it
      assertThat(HealthProgram.of(stored(server, type, name)))
          .isEqualTo(Said.of(Verdict.WAIT, "waiting for the controller"));
      // When
      server
          .kubectl("patch", type, name, "--subresource=status", "--type=merge", "--patch=" + READY)
          .stdoutIfDone();
      // Then
      assertThat(waiting.awaitExit().stdoutIfDone()).contains("condition met");
      assertThat(HealthProgram.of(stored(server, type, name)))
          .isEqualTo(Said.of(Verdict.DONE, "Programmed: 4 of 4 nodes"));
    } finally {
      server.kubectl("delete", "-f", path).stdoutIfDone();
    }
  }

  private static String stored(ApiServer server, String type, String name) {
    return server.kubectl("get", type, name, "-o", "yaml").stdoutIfDone();
  }

  @Test
  void objectThatGoesAwayIsOnItsWay() {
    assertThat(
            HealthProgram.of(
                """
                apiVersion: taskstorage.io/v1alpha1
                kind: TaskStorageMap
                metadata: {name: a, deletionTimestamp: "2026-01-01T00:00:00Z"}
                """))
        .isEqualTo(new Said("Terminating", "Progressing", "Pending deletion"));
  }

  @Test
  void kindsThatUsersDoNotWriteHaveNoHealth() {
    assertThat(
            HealthProgram.of(
                """
                apiVersion: taskstorage.io/v1alpha1
                kind: TaskStorageNodeState
                metadata: {name: node-a}
                """))
        .isEqualTo(new Said("Current", "", ""));
  }

  @Test
  void configMapHasTheLuaForEachKind() throws IOException {
    // Given
    JsonNode data = YAML.readTree(HealthProgram.CONFIG_MAP.toFile()).path("data");
    // Then
    assertThat(data.properties())
        .extracting(entry -> entry.getKey() + "\n" + entry.getValue().asText())
        .containsExactlyElementsOf(
            Stream.of("TaskStorageMap", "ClusterTaskStoragePolicy", "TaskStoragePolicy")
                .map(kind -> "resource.customizations.health.taskstorage.io_" + kind + "\n" + lua())
                .toList());
  }

  private static String lua() {
    try {
      return Files.readString(HealthProgram.LUA);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void programSaysWhatIsWrong() {
    assertThat(HealthProgram.run().stderr())
        .isEqualTo("health: read argocd-cm: no file is named: give --argocd-cm FILE\n");
    String other = Installation.ROOT.resolve("crds/kustomization.yaml").toString();
    assertThat(HealthProgram.run("--argocd-cm", other).stderr())
        .isEqualTo(
            "health: read argocd-cm "
                + other
                + ": no key resource.customizations.health.*: name the file with the health"
                + " checks\n");
  }

  @Test
  void programIsFormatted() {
    // Given
    String go = Command.of(TOOLS.resolve("find-go").toString()).run().stdoutIfDone().strip();
    // Then
    assertThat(
            Command.of(Path.of(go).resolveSibling("gofmt").toString(), "-l", ".")
                .in(Installation.ROOT.resolve("e2e/health"))
                .run()
                .stdoutIfDone())
        .isEmpty();
  }
}
