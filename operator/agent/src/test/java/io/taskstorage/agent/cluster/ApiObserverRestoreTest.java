package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's store is put back to what it was: versions that were told are in the future again. */
@ApiServerTest
class ApiObserverRestoreTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final CgroupSnapshot cgroups = new EmulatedMembership().cgroups();

  /** The label of a namespace; nothing where the observer knows no such namespace. */
  private Optional<String> step(ApiObserver observer, String namespace) {
    ApiState state = observer.observe(cgroups);
    return state
        .cluster()
        .map(ClusterState::namespaces)
        .flatMap(known -> Optional.ofNullable(known.get(namespace)))
        .map(facts -> facts.labels().getOrDefault("step", ""));
  }

  @Test
  void whatTheStoreHasNowIsWhatIsKnown(@TempDir Path folder) {
    try (ApiServer api = ApiServer.startAnother("restore");
        ApiConnection connection =
            new ApiConnection(ApiAccess.find(Optional.of(api.kubeconfig()), Map.of()), "test");
        ApiObserver observer =
            ApiObserver.of(
                new Reflector.Means(
                    connection, "n", now::get, new Random(1), Thread::sleep, new NoCounts()),
                Optional.empty(),
                () -> {})) {
      // Given
      api.kubectl("create", "namespace", "kept").stdoutIfDone();
      api.kubectl("label", "namespace", "kept", "step=1").stdoutIfDone();
      api.stop();
      api.saveStore(folder.resolve("backup"));
      api.restart();
      api.kubectl("label", "--overwrite", "namespace", "kept", "step=2").stdoutIfDone();
      api.kubectl("create", "namespace", "later").stdoutIfDone();
      await().atMost(LIMIT).until(() -> step(observer, "later").isPresent());
      assertThat(step(observer, "kept")).contains("2");

      // When
      api.stop();
      api.restoreStore(folder.resolve("backup"));
      assertThat(step(observer, "later")).as("a server that is gone says nothing").isPresent();
      api.restart();

      // Then
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                now.updateAndGet(time -> time.plus(Duration.ofSeconds(10)));
                assertThat(step(observer, "later")).isEmpty();
                assertThat(step(observer, "kept")).contains("1");
              });
      await().atMost(LIMIT).until(() -> step(observer, "later").isEmpty());
      api.kubectl("label", "--overwrite", "namespace", "kept", "step=3").stdoutIfDone();
      await().atMost(LIMIT).until(() -> step(observer, "kept").equals(Optional.of("3")));
    }
  }
}
