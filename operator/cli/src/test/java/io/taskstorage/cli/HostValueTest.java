package io.taskstorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a preview computes for hosts: the value of the cgroup by which a policy selects. */
class HostValueTest {
  private static final String MAP =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStorageMap
      metadata: {name: m}
      spec:
        bpfName: m
        value: {typeName: m, fields: [{name: unit, type: Char, length: 64}, {name: path, type: Char, length: 64}]}
      ---
      """;

  private static final String COMPUTED =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: ClusterTaskStoragePolicy
      metadata: {name: computed}
      spec:
        targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: m}]
        tier: Admin
        priority: 1
        subject: {hostProcesses: %s}
        values:
        - {field: unit, valueFrom: {cel: {expression: "process.unit"}}}
        - {field: path, valueFrom: {cel: {expression: "process.cgroupPath"}}}
      ---
      """;

  private static final String FIXED =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: ClusterTaskStoragePolicy
      metadata: {name: fixed}
      spec:
        targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: m}]
        tier: Baseline
        priority: 1
        subject: {hostProcesses: {cgroupPaths: [/a/b]}}
        values: [{field: unit, value: "x"}]
      """;

  @TempDir Path folder;

  @Test
  void unitIsReadAsItselfAtItsPlace() throws IOException {
    // When
    CliRun run = preview(MAP + COMPUTED.formatted("{systemdUnits: [nginx.service]}"));
    // Then
    assertThat(values(run)).containsExactly("nginx.service", "/system.slice/nginx.service");
  }

  @Test
  void whatLiesBelowIsReadAsTheCgroupThatIsNamed() throws IOException {
    // When: the second carrier is /a/b.
    CliRun run = preview(MAP + COMPUTED.formatted("{cgroupPaths: [/a]}") + FIXED);
    // Then
    assertThat(values(run)).containsExactly("", "/a", "", "/a");
  }

  @Test
  void instancesOfTemplatesAreToldToBeExamples() throws IOException {
    // When
    CliRun run = preview(MAP + COMPUTED.formatted("{systemdUnits: [a@.service]}"));
    // Then
    assertThat(values(run).getFirst()).isEqualTo("a@every-instance.service");
    assertThat(run.out())
        .contains(
            "where a value is computed, an instance named every-instance stands for those of a"
                + " template");
  }

  /** The values of all carriers, field by field. */
  private static List<String> values(CliRun run) throws IOException {
    return new JsonMapper().readTree(run.out()).path("carriers").findValuesAsText("value");
  }

  private CliRun preview(String manifests) throws IOException {
    Path file = Files.writeString(folder.resolve("m.yaml"), manifests);
    CliRun run = CliRun.of("preview", "-o", "json", "-f", file.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }
}
