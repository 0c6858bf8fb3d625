package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The points of {@code points.txt} about what an agent of a cluster remembers: killed there while
 * tasks start in a pod, no start is without its value, the next agent goes on without the API
 * server, and catches up with it.
 */
@KernelTest
@ApiServerTest
class KillCheckpointKernelTest {
  private static final int ENOUGH = 30;

  static Stream<KillPoint> points() {
    return KillPoint.wanted().filter(point -> point.story() == KillStory.NAMESPACE_CHANGES);
  }

  @ParameterizedTest
  @MethodSource("points")
  void killedThereTheNextOneGoesOnWithWhatIsRemembered(
      KillPoint point,
      ApiServer api,
      CgroupSandbox cgroups,
      @BpffsMount Path bpffs,
      @TempDir Path folder)
      throws IOException {
    // Given
    Path woven = folder.resolve("woven");
    Weaving.write(points().toList(), woven);
    Path places = folder.resolve("places");
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      bed.kubectl("label", "namespace", bed.namespace(), "tenant=1");
      bed.apply(bed.mapManifest(), bed.tenantPolicy());
      Cgroup pod = bed.pod("web-1");
      Task task = bed.processIn(pod);
      try (Child agent =
          bed.start(bed.jvm().ahead(woven).options(point.options(places).toArray(String[]::new)))) {
        agent.awaitErrorLine("msg=ready");
        awaitValue(bed, task, "1 0");
        Path pin = bed.pins().publicPin(bed.recorded().bpfName());
        try (StartLoad load = StartLoad.in(pod, folder, pin, 1)) {
          load.assertAllRight(ENOUGH);

          // When
          Files.createFile(places);
          load.maybe(2);
          bed.tenant(2);
          KillBed.awaitDeath(agent);

          // Then
          load.assertAllRight(ENOUGH);

          // When
          bed.proxy().fault(_ -> true, new Fault.Cut());
          try (Child next = bed.start()) {
            next.awaitErrorLine("msg=ready");

            // Then
            load.assertAllRight(ENOUGH);

            // When
            bed.proxy().mend();

            // Then
            awaitValue(bed, task, "2 0");
            load.surely(2);
            load.assertAllRight(ENOUGH);
            AgentEndpoint.awaitAllWell(next);
          }
        }
      }
    }
  }

  private static void awaitValue(AgentBed bed, Task task, String value) {
    await()
        .atMost(AgentBed.LIMIT)
        .untilAsserted(() -> assertThat(bed.values()).containsEntry(task.tid(), value));
  }
}
