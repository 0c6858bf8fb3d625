package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A real server behind a network that fails, and time that passes only where a test lets it. */
@ApiServerTest
class ApiObserverServerTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final AtomicInteger pauses = new AtomicInteger();
  private final CgroupSnapshot cgroups = new EmulatedMembership().cgroups();

  /** Each pause is counted, and over soon. */
  private void pause(Duration time) throws InterruptedException {
    pauses.incrementAndGet();
    Thread.sleep(time.dividedBy(20));
  }

  /** What the observer knows of the label of a namespace. */
  private Optional<String> label(ApiObserver observer, String namespace) {
    ApiState state = observer.observe(cgroups);
    return state
        .cluster()
        .flatMap(known -> Optional.ofNullable(known.namespaces().get(namespace)))
        .map(facts -> facts.labels().getOrDefault("step", ""));
  }

  private void awaitLabel(ApiObserver observer, String namespace, String expected) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(label(observer, namespace)).contains(expected));
  }

  private static void label(ApiServer api, String namespace, int step) {
    api.kubectl("label", "--overwrite", "namespace", namespace, "step=" + step).stdoutIfDone();
  }

  @Test
  void whatIsRememberedCountsOnceThoughTheServerHasToldEverything(ApiServer api) {
    // Given
    Path crds = Path.of(System.getProperty("root.dir", "../..")).resolve("crds");
    api.kubectl("apply", "--server-side", "-k", crds.toString()).stdoutIfDone();
    String namespace = api.createNamespace("remembered");
    label(api, namespace, 2);
    ApiAccess access = ApiAccess.find(Optional.of(api.kubeconfig()), Map.of());
    String before =
        "{\"metadata\":{\"name\":\"%s\",\"uid\":\"u\",\"labels\":{\"step\":\"1\"}}}"
            .formatted(namespace);
    Checkpoint checkpoint =
        new Checkpoint(
            access.server().toString(),
            List.of(new Checkpoint.Kept(Resource.NAMESPACES, before)),
            List.of());
    try (ApiConnection connection = new ApiConnection(access, "test");
        ApiObserver observer =
            ApiObserver.of(
                new Reflector.Means(
                    connection, "n", now::get, new Random(1), this::pause, new NoCounts()),
                Optional.of(checkpoint),
                () -> {})) {
      // When: who waits for the node looks as well
      assertThat(label(observer, namespace)).contains("1");
      awaitLabel(observer, namespace, "2");
      observer.remember(checkpoint);

      // Then: the first turn judges what was in force, the next one what there is
      assertThat(label(observer, namespace)).contains("1");
      assertThat(label(observer, namespace)).contains("2");
    }
  }

  @Test
  void whatCameWhileConnectionsWereLostOrTheServerWasGoneIsKnownAfterwards(ApiServer api) {
    // Given
    Path crds = Path.of(System.getProperty("root.dir", "../..")).resolve("crds");
    api.kubectl("apply", "--server-side", "-k", crds.toString()).stdoutIfDone();
    String namespace = api.createNamespace("observed");
    ApiAccess access = ApiAccess.find(Optional.of(api.kubeconfig()), Map.of());
    try (FaultyProxy proxy = FaultyProxy.start(access.server(), access.tls());
        ApiConnection connection =
            new ApiConnection(
                new ApiAccess(proxy.address(), access.tls(), access.token()), "test");
        ApiObserver observer =
            ApiObserver.of(
                new Reflector.Means(
                    connection, "n", now::get, new Random(1), this::pause, new NoCounts()),
                Optional.empty(),
                () -> {})) {
      label(api, namespace, 0);
      awaitLabel(observer, namespace, "0");
      await().atMost(LIMIT).until(() -> watches(proxy) == Resource.values().length);
      label(api, namespace, 1);
      awaitLabel(observer, namespace, "1");

      // When: nothing comes any more, and nobody says so
      proxy.silenceAll();
      label(api, namespace, 2);
      assertThat(label(observer, namespace)).contains("1");
      assertThat(observer.troubles()).isEmpty();
      now.updateAndGet(time -> time.plus(OpenBody.QUIET));

      // Then
      awaitLabel(observer, namespace, "2");
      await().atMost(LIMIT).until(() -> observer.troubles().isEmpty());

      // When: the server is gone for an hour of our timers
      int asked = proxy.seen().size();
      pauses.set(0);
      proxy.fault(_ -> true, new Fault.Cut());
      proxy.cutAll();
      label(api, namespace, 3);
      await().atMost(LIMIT).until(() -> observer.troubles().size() == Resource.values().length);
      now.updateAndGet(time -> time.plus(Duration.ofHours(1)));
      assertThat(label(observer, namespace)).as("what was known stays").contains("2");
      int more = proxy.seen().size() - asked;
      assertThat(more)
          .as("each attempt is followed by a pause; a client repeats one on a kept connection")
          .isLessThanOrEqualTo(2 * (pauses.get() + Resource.values().length));

      // When
      proxy.mend();

      // Then
      awaitLabel(observer, namespace, "3");
      await().atMost(LIMIT).until(() -> observer.troubles().isEmpty());
    }
  }

  private static long watches(FaultyProxy proxy) {
    return List.copyOf(proxy.seen()).stream()
        .filter(seen -> seen.pathAndQuery().contains("watch=1"))
        .count();
  }
}
