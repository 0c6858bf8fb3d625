package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy;
import io.taskstorage.testkit.cluster.OtherDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How often a node's state is written, by a real server and time that passes as a test lets it. */
@ApiServerTest
class NodeStateWriterServerTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String NODE = "node-of-writes";

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  private static NodeStateStatus status(long generation) {
    return new NodeStateStatus(
        new NodeAgent("1", "6.18", "boot-1", "InKernel", List.of("TaskStorage")),
        List.of(
            new NodeMap(
                "ctx",
                "aaaaaaaa-0000-0000-0000-000000000000",
                generation,
                NodeMap.PROGRAMMED,
                null,
                new EntryCounts(1, 0, 0L, 0L, 0L),
                null,
                null)),
        null,
        null,
        null);
  }

  @Test
  void whatAnOlderDefinitionLeavesOutIsNotWrittenAgainAndWhatOthersWriteIs() {
    try (ApiServer api = ApiServer.startAnother("writes")) {
      // Given
      api.apply(Path.of(System.getProperty("root.dir", "../..")).resolve("crds"));
      OtherDefinition.of("taskstoragenodestates")
          .without("status.agent.bootID")
          .without("status.maps[].entries")
          .install(api);
      await().atMost(LIMIT).untilAsserted(() -> create(api));
      awaitPruned(api);
      ApiAccess access = ApiAccess.find(Optional.of(api.kubeconfig()), Map.of());
      try (FaultyProxy proxy = FaultyProxy.start(access.server(), access.tls());
          ApiConnection connection =
              new ApiConnection(
                  new ApiAccess(proxy.address(), access.tls(), access.token()), "test");
          NodeStateWriter writer =
              NodeStateWriter.start(
                  connection,
                  NODE,
                  Duration.ZERO,
                  new NoCounts(),
                  now::get,
                  Thread.ofVirtual().name("writes"))) {
        // When
        writer.tell(status(1));

        // Then
        await().atMost(LIMIT).until(() -> stored(api, "{.status.maps[*].generation}").equals("1"));
        assertThat(stored(api, "{.status.agent.bootID}{.status.maps[*].entries}")).isEmpty();

        // When it is looked at again and again
        for (int look = 1; look <= 3; look++) {
          awaitLook(proxy, look);
        }

        // Then
        writer.tell(status(2));
        await().atMost(LIMIT).until(() -> stored(api, "{.status.maps[*].generation}").equals("2"));
        assertThat(count(proxy, "PATCH")).as("one write for each thing to tell").isEqualTo(2);

        // When somebody else writes
        patch(api, "{\"status\":{\"agent\":{\"version\":\"other\"},\"omittedMaps\":7}}");
        awaitLook(proxy, 4);

        // Then
        await().atMost(LIMIT).until(() -> stored(api, "{.status.agent.version}").equals("1"));
        assertThat(stored(api, "{.status.omittedMaps}")).isEmpty();
        assertThat(count(proxy, "PATCH")).isEqualTo(3);
      }
    }
  }

  /** Time passes until the writer has looked so often. */
  private void awaitLook(FaultyProxy proxy, int looks) {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              now.updateAndGet(time -> time.plus(Duration.ofMinutes(1)));
              return count(proxy, "GET") >= looks;
            });
  }

  private static long count(FaultyProxy proxy, String method) {
    return proxy.seen().stream().filter(seen -> seen.method().equals(method)).count();
  }

  private static void create(ApiServer api) {
    api.kubectlWithInput(
            """
            apiVersion: taskstorage.io/v1alpha1
            kind: TaskStorageNodeState
            metadata: {name: %s}
            """
                .formatted(NODE),
            "apply",
            "-f",
            "-")
        .stdoutIfDone();
  }

  /** The server goes by another definition a little after it has it. */
  private static void awaitPruned(ApiServer api) {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              patch(api, "{\"status\":{\"agent\":{\"bootID\":\"b\"}}}");
              return stored(api, "{.status.agent.bootID}").isEmpty();
            });
  }

  private static void patch(ApiServer api, String patch) {
    api.kubectl("patch", "tsnode", NODE, "--subresource=status", "--type=merge", "-p", patch)
        .stdoutIfDone();
  }

  private static String stored(ApiServer api, String jsonpath) {
    return api.kubectl("get", "tsnode", NODE, "-o", "jsonpath=" + jsonpath).stdoutIfDone().strip();
  }
}
