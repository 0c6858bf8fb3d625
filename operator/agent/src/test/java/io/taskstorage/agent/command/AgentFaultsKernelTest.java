package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While the API server or the way to it fails, values stay; afterwards they are right again. */
@KernelTest
@ApiServerTest
class AgentFaultsKernelTest {
  /** What goes wrong with every request, and what is told of it. */
  private record Trouble(String name, Fault fault, String told) {}

  private static final List<Trouble> TROUBLES =
      List.of(
          new Trouble("CUT", new Fault.Cut(), "list and watch"),
          new Trouble("EXPIRED", new Fault.Refuse(410, 0), "answer 410 (a fault)"),
          new Trouble("BUSY", new Fault.Refuse(429, 1), "answer 429 (a fault)"),
          new Trouble("BROKEN", new Fault.Refuse(500, 0), "answer 500 (a fault)"),
          new Trouble(
              "NOT_SERVED", new Fault.Refuse(404, 0), "the kind is not served: apply crds/"),
          new Trouble("LOGGED_OUT", new Fault.Refuse(401, 0), "answer 401 (a fault)"),
          new Trouble("SHORT", new Fault.CutAfter(40), "list and watch"),
          new Trouble("NONSENSE", new Fault.Garbage("<html>"), "list and watch"),
          new Trouble("EMPTY", new Fault.Garbage("{}"), "list and watch"));

  /** How long the first of them goes on once it is seen. */
  private static final int OUTAGE_SECONDS = Integer.getInteger("outage.seconds", 0);

  @Test
  void valuesStayAndTheNextChangeComesWhenItIsOver(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder)
      throws Exception {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      Path woven = folder.resolve("woven");
      Path moved = folder.resolve("moved");
      MovedTime.write(woven);
      bed.applyTenant(1);
      Task task = bed.processIn(bed.pod("web-1"));
      try (Child agent = bed.start(bed.jvm().ahead(woven).options(MovedTime.option(moved)))) {
        bed.awaitValues(Map.of(task.tid(), "1 0"));
        long tenant = 1;
        for (Trouble trouble : TROUBLES) {
          // When
          int asked = bed.proxy().seen().size();
          long began = System.nanoTime();
          bed.proxy().fault(_ -> true, trouble.fault());
          bed.proxy().cutAll();
          bed.tenant(tenant + 1);

          // Then
          await(trouble.name())
              .atMost(AgentBed.LIMIT)
              .untilAsserted(
                  () -> assertThat(AgentEndpoint.get(agent, "/readyz")).contains(trouble.told()));
          if (trouble.equals(TROUBLES.getFirst())) {
            Files.createFile(moved);
            TimeUnit.SECONDS.sleep(OUTAGE_SECONDS);
          }
          assertThat(AgentEndpoint.get(agent, "/readyz")).startsWith("200 ok\n");
          assertThat(bed.values()).as(trouble.name()).isEqualTo(Map.of(task.tid(), tenant + " 0"));

          // When
          bed.proxy().mend();

          // Then
          tenant++;
          bed.awaitValues(Map.of(task.tid(), tenant + " 0"));
          AgentEndpoint.awaitAllWell(agent);
          long most = mostRequests(Duration.ofNanos(System.nanoTime() - began));
          assertThat(requests(bed.proxy().seen().subList(asked, bed.proxy().seen().size())))
              .as("requests while %s and until it is over", trouble.name())
              .allSatisfy((path, count) -> assertThat(count).as(path).isLessThanOrEqualTo(most));
        }
        assertThat(AgentEndpoint.get(agent, "/metrics"))
            .containsPattern("taskstorage_api_failures_total\\{resource=\"pods\"} [1-9]");
      }
    }
  }

  @Test
  void theNodeStateIsWrittenOnceItCanBe(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.kubectl("delete", "tsnode", bed.node());
      bed.apply(bed.mapManifest());
      try (Child agent = bed.start()) {
        // When
        agent.awaitErrorLine("msg=\"the node state is not there yet\"");
        bed.proxy().fault(seen -> seen.method().equals("PATCH"), new Fault.Refuse(429, 1));
        String uid = bed.kubectl("get", "node", bed.node(), "-o", "jsonpath={.metadata.uid}");
        bed.apply(
            """
            apiVersion: taskstorage.io/v1alpha1
            kind: TaskStorageNodeState
            metadata:
              name: %1$s
              ownerReferences: [{apiVersion: v1, kind: Node, name: %1$s, uid: %2$s}]
            """
                .formatted(bed.node(), uid));
        agent.awaitErrorLine("msg=\"node state not written\".*code=429");
        bed.proxy().mend();

        // Then
        bed.awaitNodeState("{.status.maps[0].name}", bed.map());
        assertThat(bed.nodeState("{.metadata.ownerReferences[*].uid}"))
            .as("the node that it belongs to stays what the controller wrote")
            .isEqualTo(uid);
      }
    }
  }

  @Test
  void aMapWithAFieldThatThisVersionDoesNotKnowIsRefusedAlone(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given: what a newer server would say of one map
      bed.applyTenant(1);
      Task task = bed.processIn(bed.pod("web-1"));
      String maps =
          """
          {"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"newer","uid":"u-1",
          "generation":4},"spec":{"bpfName":"newer","colour":"red",
          "value":{"typeName":"t","fields":[{"name":"a","type":"U8"}]}}}]}
          """;
      bed.proxy().fault(AgentFaultsKernelTest::isListOfMaps, new Fault.Garbage(maps));

      // When
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");

        // Then
        bed.awaitNodeState(
            "{.status.maps[0].name} {.status.maps[0].reason} {.status.maps[0].generation}",
            "newer UnsupportedField 4");
        agent.awaitErrorLine("msg=\"not taken\".*TaskStorageMap newer: spec.colour: unknown field");

        // When
        bed.proxy().mend();
        bed.proxy().cutAll();

        // Then
        bed.awaitValues(Map.of(task.tid(), "1 0"));
      }
    }
  }

  /** How many there are of each path, whatever they ask of it. */
  private static Map<String, Long> requests(List<Seen> seen) {
    return seen.stream()
        .collect(
            Collectors.groupingBy(
                each -> each.method() + " " + each.pathAndQuery().replaceFirst("[?].*", ""),
                TreeMap::new,
                Collectors.counting()));
  }

  /**
   * What one list and watch, or one writer, can ask in this time, which waits at least 250 ms after
   * its first failure and twice as long after each next one, up to 15 s. A client asks once more on
   * its own where a connection that it kept turns out to be cut; and once it is over there are a
   * list, a watch and what has changed meanwhile.
   */
  private static long mostRequests(Duration time) {
    int attempts = 2;
    long wait = 250;
    for (long sum = wait; sum <= time.toMillis(); sum += wait) {
      attempts++;
      wait = Math.min(2 * wait, 15_000);
    }
    return 2L * attempts + 4;
  }

  private static boolean isListOfMaps(Seen seen) {
    return seen.pathAndQuery().contains("/taskstoragemaps?limit=");
  }
}
