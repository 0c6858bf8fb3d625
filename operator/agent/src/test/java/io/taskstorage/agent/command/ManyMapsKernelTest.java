package io.taskstorage.agent.command;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many maps as the kernel finds fast, and one more: what is said of it, and where. */
@KernelTest
class ManyMapsKernelTest {
  private static final List<String> NAMES =
      IntStream.rangeClosed(1, 17).mapToObj("many-%02d"::formatted).toList();

  private static final String REFUSED =
      "install %s: 16 other maps are in force on this node, and its programs keep no more: remove"
          + " one of them, or put several into one map with more fields";

  @Test
  void programsKeepSixteenAndRunRefusesTheNext(
      CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) throws IOException {
    // Given
    Runs runs = runs(cgroups, bpffs, folder);

    // When
    Outcome run = runs.command("--once", "--keep").run();

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.stdout())
        .startsWith("plane: InKernel  ")
        .contains(
            "TaskStorageMap many-17: Ready False  NodesFailed: TooManyMaps: "
                + REFUSED.formatted("many-17"))
        .doesNotContain("warning: ");
    assertThat(inForce(runs)).isEqualTo(NAMES.subList(0, 16));
  }

  @Test
  void passesKeepSeventeenAndBothRunAndDoctorWarn(
      CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) throws IOException {
    // Given
    Runs runs = runs(cgroups, bpffs, folder);

    // When
    Outcome run = runs.command("--once", "--keep", "--plane", "rescan").run();
    CommandRun doctor = CommandRun.of("doctor", "--bpffs=" + bpffs);

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.stdout())
        .contains(
            "warning: more than 16 maps are in force: the kernel caches 16 for each task, and every"
                + " program's lookup gets slower beyond that: declare one map with many fields in"
                + " place of many maps\n");
    assertThat(inForce(runs)).isEqualTo(NAMES);
    assertThat(doctor.exitCode()).isZero();
    assertThat(doctor.out())
        .containsPattern("no +maps on the node +\\d+ of task storage, whoever made them;")
        .contains("mend: declare one map with many fields in place of many maps\n")
        .containsPattern("pinned +17 task storage maps, 17 pins where consumers look\n");
  }

  @Test
  @ApiServerTest
  void anAgentNamesTheOneThatIsTooMany(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      List<String> maps =
          NAMES.stream().map(name -> name + "-" + bed.namespace().replace("shop", "")).toList();
      bed.apply(maps.stream().map(BedManifests::map).toArray(String[]::new));

      // When
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");

        // Then
        bed.awaitNodeState(
            "{.status.maps[?(@.state==\"Failed\")]['name','reason']}",
            maps.getLast() + " TooManyMaps");
        bed.awaitNodeState(
            "{.status.maps[?(@.state==\"Programmed\")].name}",
            maps.subList(0, 16).stream().collect(joining(" ")));
        agent.awaitErrorLine(REFUSED.formatted(maps.getLast()));
        agent.signal(Signal.TERM);
        assertThat(agent.awaitExit().exitCode()).isZero();
      } finally {
        maps.forEach(map -> bed.kubectl("delete", "tsmap", map, "--wait=false"));
      }
    }
  }

  private static Runs runs(CgroupSandbox cgroups, Path bpffs, Path folder) throws IOException {
    Runs runs = new Runs(Files.createDirectory(folder.resolve("manifests")), bpffs, cgroups.root());
    NAMES.forEach(name -> runs.write(name + ".yaml", BedManifests.map(name)));
    return runs;
  }

  private static List<String> inForce(Runs runs) {
    return Records.list(runs.tree()).stream()
        .map(RecordedMap::name)
        .map(Object::toString)
        .sorted()
        .toList();
  }
}
