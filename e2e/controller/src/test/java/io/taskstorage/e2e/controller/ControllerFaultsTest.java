package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What the controller does while something is wrong with the way to the API server. */
@ApiServerTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ControllerFaultsTest {
  /** How long a fault lasts. */
  private static final Duration FAULT = Duration.ofSeconds(3);

  /** How long there is no way to the server. */
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("outage.seconds", 3));

  private static final int NODES = 3;

  /** What {@link #change} changes, and the map; some tests add one. */
  private static final Map<String, Integer> OBJECTS =
      Map.of("taskstoragemaps", 1, "clustertaskstoragepolicies", 2, "taskstoragepolicies", 1);

  private static Cluster cluster;
  private static TriedController controller;
  private static Truth truth;
  private static int value;

  @BeforeAll
  static void start(ApiServer server) {
    cluster = Cluster.start(server, NODES);
    truth = new Truth(cluster.objects());
    cluster.apply(Cluster.map("ctx-a", "0"));
    cluster.createNamespace("shop");
    cluster.node(1).addPod("shop", "cart", Map.of());
    cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 1));
    change();
    controller = TriedController.alone(cluster).start().awaitWriting();
    truth.awaitEverywhere();
  }

  @AfterEach
  void mended() {
    controller.proxy().mend();
  }

  @AfterAll
  static void end() {
    controller.close();
    cluster.close();
  }

  @Test
  void aWatchIsCutInTheMiddle() throws InterruptedException {
    // When
    Watched watched = new Watched();
    controller.proxy().cutAll();
    change();
    // Then
    truth.awaitEverywhere();
    watched.assertBounded();
    // When it is cut again and again
    during(ControllerFaultsTest::isWatch, new Fault.CutAfter(300));
  }

  @Test
  void theVersionOfAWatchIsTooOld() throws InterruptedException {
    during(ControllerFaultsTest::isWatch, new Fault.Refuse(410, 0));
  }

  @Test
  void theServerIsBusy() throws InterruptedException {
    during(_ -> true, new Fault.Refuse(429, 1));
  }

  @Test
  void theServerIsBroken() throws InterruptedException {
    during(_ -> true, new Fault.Refuse(503, 0));
  }

  @Test
  void theServerTakesNoStatus() throws InterruptedException {
    // Given
    double failed = controller.metric("status_writes", "result", "failed");
    // When, Then
    during(
        seen -> seen.method().equals("PUT"),
        new Fault.Refuse(500, 0),
        FAULT,
        () -> controller.metric("status_writes", "result", "failed") > failed);
  }

  @Test
  void theServerAnswersNonsense() throws InterruptedException {
    during(_ -> true, new Fault.Garbage("<html>no API server</html>"));
  }

  @Test
  void theServerIsSlow() throws InterruptedException {
    during(seen -> !isWatch(seen), new Fault.Slow(Duration.ofMillis(30)));
  }

  @Test
  void theNetworkIsGoneForAnHourOfEveryTimer() throws InterruptedException {
    try {
      cluster.clock().moveTo(Duration.ofHours(1));
      during(_ -> true, new Fault.Cut(), OUTAGE);
    } finally {
      cluster.clock().moveTo(Duration.ZERO);
    }
  }

  @Test
  void theClockIsSetBack() {
    try {
      // When
      cluster.clock().moveTo(Duration.ofHours(-1));
      change();
      // Then
      truth.awaitEverywhere();
    } finally {
      cluster.clock().moveTo(Duration.ZERO);
    }
    // When it is right again
    change();
    // Then
    truth.awaitEverywhere();
  }

  @Test
  void theTokenHasExpired() throws InterruptedException {
    // When
    controller.showToken("expired");
    await()
        .atMost(Cluster.PATIENCE)
        .until(
            () -> {
              controller.proxy().cutAll();
              return controller.proxy().codes().contains(401);
            });
    change();
    // Then
    Watched watched = new Watched();
    TimeUnit.MILLISECONDS.sleep(FAULT.toMillis());
    watched.assertBounded();
    assertThat(truth.isTold()).as("statuses are true, though nothing could be written").isFalse();
    // When
    controller.showToken(FaultyAccess.token(cluster));
    // Then
    truth.awaitEverywhere();
  }

  @Test
  void anObjectThatNoTypeCanReadIsRefusedAlone(ApiServer server) throws InterruptedException {
    // Given a definition that takes a text where this version has a number
    String definition = "customresourcedefinition/clustertaskstoragepolicies.taskstorage.io";
    String path = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/priority";
    server
        .kubectl(
            "patch",
            definition,
            "--type=json",
            "--patch",
            "[{\"op\": \"replace\", \"path\": \"%s\", \"value\": {\"x-kubernetes-preserve-unknown-fields\": true}}]"
                .formatted(path))
        .stdoutIfDone();
    try {
      // When
      await()
          .atMost(Cluster.PATIENCE)
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  cluster.apply(
                      Cluster.clusterPolicy("newer", "ctx-a", "Baseline", "qos", 1)
                          .replace("priority: 100", "priority: {of: later}")));
      change();
      // Then
      Cluster.awaitValue(
          server,
          "ctspolicy/newer",
          "{.status.conditions[?(@.type=='Accepted')].reason}",
          "UnsupportedField");
      Cluster.awaitValue(server, "ctspolicy/tenants", "{.status.nodes.programmed}", "2");
    } finally {
      cluster.deleteClusterPolicy("newer");
      Cluster.install(server);
    }
    truth.awaitEverywhere();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void aDefinitionIsRemovedAndPutBack(ApiServer server) throws InterruptedException {
    // When
    server
        .kubectl("delete", "crd", "taskstoragepolicies.taskstorage.io", "--wait=true")
        .stdoutIfDone();
    cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", ++value));
    // Then the other kinds go on
    Cluster.awaitValue(
        server,
        "ctspolicy/tenants",
        "{.status.observedGeneration}",
        Cluster.value(server, "ctspolicy/tenants", "{.metadata.generation}"));
    Watched watched = new Watched();
    await()
        .atMost(Cluster.PATIENCE)
        .until(() -> controller.metric("watch_standing", "kind", "TaskStoragePolicy") == 0);
    assertThat(controller.metric("watch_standing", "kind", "ClusterTaskStoragePolicy")).isOne();
    TimeUnit.MILLISECONDS.sleep(FAULT.toMillis());
    watched.assertBounded();
    // When
    Cluster.install(server);
    cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 7));
    // Then
    truth.awaitEverywhere();
  }

  private static boolean isWatch(Seen request) {
    return request.pathAndQuery().contains("watch=");
  }

  /** The fault lasts while objects change; then it is mended, and statuses become true. */
  private static void during(Predicate<Seen> which, Fault fault) throws InterruptedException {
    during(which, fault, FAULT);
  }

  private static void during(Predicate<Seen> which, Fault fault, Duration time)
      throws InterruptedException {
    during(which, fault, time, () -> true);
  }

  /** The same, and it lasts until it was felt, too. */
  private static void during(
      Predicate<Seen> which, Fault fault, Duration time, Callable<Boolean> felt)
      throws InterruptedException {
    // When
    Watched watched = new Watched();
    controller.proxy().fault(which, fault);
    controller.proxy().cutAll();
    change();
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
    // Then
    await().atMost(Cluster.PATIENCE).until(felt);
    watched.assertBounded();
    // When
    controller.proxy().mend();
    change();
    // Then
    truth.awaitEverywhere();
    watched.assertBounded();
    assertThat(controller.controller().state().get("unsynced")).isEqualTo(List.of());
  }

  /** What is asked for from now on. */
  private static final class Watched {
    private final int before = controller.proxy().seen().size();
    private final long begin = System.nanoTime();

    void assertBounded() {
      Duration time = Duration.ofNanos(System.nanoTime() - begin);
      List<Seen> all = controller.proxy().seen();
      Requests.assertBounded(all.subList(before, all.size()), time, OBJECTS, NODES);
    }
  }

  private static void change() {
    cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", ++value));
    cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", value % 200));
  }
}
