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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While the API server or the way to it fails, values stay; afterwards they are right again. */
@KernelTest
@ApiServerTest
class AgentFaultsKernelTest {
  /** What goes wrong with every read, and what is told of it. */
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

  @Test
  void valuesStayAndTheNextChangeComesWhenItIsOver(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.kubectl("label", "namespace", bed.namespace(), "tenant=1");
      bed.apply(bed.mapManifest(), bed.tenantPolicy());
      Task task = bed.processIn(bed.pod("web-1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(task.tid(), "1 0"));
        long tenant = 1;
        for (Trouble trouble : TROUBLES) {
          // When
          bed.proxy().fault(AgentFaultsKernelTest::isRead, trouble.fault());
          bed.proxy().cutAll();
          bed.tenant(tenant + 1);

          // Then
          await(trouble.name())
              .atMost(AgentBed.LIMIT)
              .untilAsserted(
                  () -> assertThat(AgentBed.get(agent, "/readyz")).contains(trouble.told()));
          assertThat(AgentBed.get(agent, "/readyz")).startsWith("200 ok\n");
          assertThat(bed.values()).as(trouble.name()).isEqualTo(Map.of(task.tid(), tenant + " 0"));

          // When
          bed.proxy().mend();

          // Then
          tenant++;
          bed.awaitValues(Map.of(task.tid(), tenant + " 0"));
          await(trouble.name())
              .atMost(AgentBed.LIMIT)
              .untilAsserted(
                  () -> assertThat(AgentBed.get(agent, "/readyz")).isEqualTo("200 ok\n"));
        }
      }
    }
  }

  @Test
  void theNodeStateIsWrittenOnceItCanBeAndAnewWhereItWasMadeAnew(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.kubectl("delete", "tsnode", bed.node());
      bed.apply(bed.mapManifest());
      try (Child agent = bed.start()) {
        // When
        agent.awaitErrorLine("msg=\"the node state is not there yet\"");
        bed.proxy().fault(seen -> seen.method().equals("PATCH"), new Fault.Refuse(429, 1));
        bed.apply(
            "{apiVersion: taskstorage.io/v1alpha1, kind: TaskStorageNodeState, metadata: {name: %s}}"
                .formatted(bed.node()));
        agent.awaitErrorLine("msg=\"node state not written\".*code=429");
        bed.proxy().mend();

        // Then
        bed.awaitNodeState("{.status.maps[0].name}", bed.map());
      }
    }
  }

  @Test
  void aMapWithAFieldThatThisVersionDoesNotKnowIsRefusedAlone(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given: what a newer server would say of one map
      bed.kubectl("label", "namespace", bed.namespace(), "tenant=1");
      bed.apply(bed.mapManifest(), bed.tenantPolicy());
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

  private static boolean isRead(Seen seen) {
    return seen.method().equals("GET");
  }

  private static boolean isListOfMaps(Seen seen) {
    return seen.pathAndQuery().contains("/taskstoragemaps?limit=");
  }
}
