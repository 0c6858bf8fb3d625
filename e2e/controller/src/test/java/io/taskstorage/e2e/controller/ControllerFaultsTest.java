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
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
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

  /** Nine watches and a few objects, each tried some times in that time. */
  private static final int MOST_REQUESTS = 150;

  /**
   * The same for a fault that lasts: each is tried four times in a row, at least twice a minute.
   */
  private static int mostRequests(Duration time) {
    return MOST_REQUESTS + 8 * (int) time.toSeconds();
  }

  private static Cluster cluster;
  private static TriedController controller;
  private static Truth truth;
  private static int value;

  @BeforeAll
  static void start(ApiServer server) {
    cluster = Cluster.start(server, 3);
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
    controller.proxy().cutAll();
    change();
    // Then
    truth.awaitEverywhere();
    // When it is cut again and again
    double failures = watchFailures();
    during(ControllerFaultsTest::isWatch, new Fault.CutAfter(300));
    // Then
    assertThat(watchFailures()).isGreaterThan(failures);
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
    // When
    during(seen -> seen.method().equals("PUT"), new Fault.Refuse(500, 0));
    // Then
    assertThat(controller.metric("status_writes", "result", "failed")).isGreaterThan(failed);
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
    // Given
    double failures = watchFailures();
    try {
      // When
      cluster.clock().moveTo(Duration.ofHours(1));
      during(_ -> true, new Fault.Cut(), OUTAGE);
      // Then
      assertThat(watchFailures()).isGreaterThan(failures);
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
    int asked = controller.proxy().seen().size();
    TimeUnit.MILLISECONDS.sleep(FAULT.toMillis());
    assertThat(controller.proxy().seen().size() - asked).isLessThan(MOST_REQUESTS);
    assertThat(truth.said()).as("nothing could be written").isNotEqualTo(truth.due());
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
      awaitValue(
          server,
          "ctspolicy/newer",
          "{.status.conditions[?(@.type=='Accepted')].reason}",
          "UnsupportedField");
      awaitValue(server, "ctspolicy/tenants", "{.status.nodes.programmed}", "2");
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
    awaitValue(server, "ctspolicy/tenants", "{.status.observedGeneration}", generation(server));
    int asked = controller.proxy().seen().size();
    await()
        .atMost(Cluster.PATIENCE)
        .until(() -> controller.metric("watch_standing", "kind", "TaskStoragePolicy") == 0);
    assertThat(controller.metric("watch_standing", "kind", "ClusterTaskStoragePolicy")).isOne();
    TimeUnit.MILLISECONDS.sleep(FAULT.toMillis());
    assertThat(controller.proxy().seen().size() - asked).isLessThan(MOST_REQUESTS);
    // When
    Cluster.install(server);
    cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 7));
    // Then
    truth.awaitEverywhere();
  }

  private static double watchFailures() {
    return Stream.of("TaskStorageMap", "ClusterTaskStoragePolicy", "Node", "Pod", "Namespace")
        .mapToDouble(kind -> controller.metric("watch_failures", "kind", kind))
        .sum();
  }

  private static boolean isWatch(Seen request) {
    return request.pathAndQuery().contains("watch=");
  }

  private static String generation(ApiServer server) {
    return server
        .kubectl("get", "ctspolicy/tenants", "--output=jsonpath={.metadata.generation}")
        .stdoutIfDone()
        .strip();
  }

  private static void awaitValue(ApiServer server, String object, String path, String expected) {
    await()
        .atMost(Cluster.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        server
                            .kubectl("get", object, "--output=jsonpath=" + path)
                            .stdoutIfDone()
                            .strip())
                    .isEqualTo(expected));
  }

  /** The fault lasts while objects change; then it is mended, and statuses become true. */
  private static void during(Predicate<Seen> which, Fault fault) throws InterruptedException {
    during(which, fault, FAULT);
  }

  private static void during(Predicate<Seen> which, Fault fault, Duration time)
      throws InterruptedException {
    // When
    int asked = controller.proxy().seen().size();
    controller.proxy().fault(which, fault);
    controller.proxy().cutAll();
    change();
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
    // Then
    assertThat(controller.proxy().seen().size() - asked)
        .as("requests in %s", time)
        .isLessThan(mostRequests(time));
    // When
    controller.proxy().mend();
    change();
    // Then
    truth.awaitEverywhere();
    assertThat(controller.controller().state().get("unsynced")).isEqualTo(List.of());
  }

  private static void change() {
    cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", ++value));
    cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", value % 200));
  }
}
