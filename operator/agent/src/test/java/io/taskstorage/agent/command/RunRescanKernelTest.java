package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the plane in the kernel is refused {@code run} passes over the tasks, and says why. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunRescanKernelTest {
  @TempDir private Path temporary;
  private Path bpffs;
  private WebTenant web;

  @BeforeEach
  void start(@BpffsMount Path mount, CgroupSandbox cgroups) throws IOException {
    bpffs = mount;
    web = WebTenant.on(Files.createDirectory(temporary.resolve("manifests")), mount, cgroups);
    web.tenant(7);
  }

  @AfterEach
  void endTasks() {
    web.close();
  }

  @ParameterizedTest
  @EnumSource
  void itPassesAndSaysWhy(InKernelRefusal refusal) {
    // Given
    Task process = web.process();

    // When
    Outcome run = refusal.befall(web.runs().command("--once", "--keep"), temporary).run();

    // Then
    assertThat(run.stderr()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.stdout())
        .startsWith("plane: Rescan  ")
        .contains("\nplane Rescan, not InKernel: " + refusal.reason())
        .contains(": " + refusal.mend() + "\n");
    assertThat(web.runs().values()).isEqualTo(Map.of(process.tid(), "7 web 0"));
  }

  @ParameterizedTest
  @EnumSource
  void wherePassesAreNotWantedItDoesNotStart(InKernelRefusal refusal) {
    // When
    Outcome run = refusal.befall(web.runs().command("--plane", "in-kernel"), temporary).run();

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.stderr())
        .startsWith("open plane in-kernel: " + refusal.reason())
        .endsWith(": " + refusal.mend() + "\n");
    assertThat(run.stdout()).isEmpty();
    assertThat(web.runs().left()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void doctorNamesCauseAndMend(InKernelRefusal refusal) throws IOException {
    // When
    Outcome outcome = refusal.befall(doctor().command(), temporary).run();

    // Then
    JsonNode diagnosis = new ObjectMapper().readTree(outcome.stdout());
    assertThat(outcome.exitCode()).isZero();
    assertThat(diagnosis.path("plane").asText()).isEqualTo("Rescan");
    JsonNode check = check(diagnosis, "first act");
    assertThat(check.path("result").asText()).isEqualTo("no");
    assertThat(check.path("detail").asText()).startsWith(refusal.reason());
    assertThat(check.path("mend").asText()).isEqualTo(refusal.mend());
  }

  @Test
  void doctorNamesTheCapabilityThatTracingNeeds() throws IOException {
    // When
    Outcome outcome = InKernelRefusal.CAPABILITY.befall(doctor().command(), temporary).run();

    // Then
    JsonNode diagnosis = new ObjectMapper().readTree(outcome.stdout());
    JsonNode check = check(diagnosis, "capabilities");
    assertThat(check.path("detail").asText()).isEqualTo("CAP_PERFMON is missing");
    assertThat(check.path("mend").asText()).isEqualTo("run as root, or grant CAP_PERFMON");
    assertThat(check(diagnosis, "tracing programs").path("mend").asText())
        .isEqualTo(InKernelRefusal.CAPABILITY.mend());
  }

  @Test
  void doctorNamesTheCapabilityThatNothingGoesWithout() throws IOException {
    // When
    Outcome outcome =
        doctor()
            .command()
            .prefixed("setpriv", "--bounding-set", "-bpf,-sys_admin", "--inh-caps", "-all")
            .run();

    // Then
    JsonNode diagnosis = new ObjectMapper().readTree(outcome.stdout());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(diagnosis.path("plane").asText()).isEqualTo("none");
    assertThat(check(diagnosis, "capabilities").path("detail").asText())
        .isEqualTo("CAP_BPF is missing");
    JsonNode check = check(diagnosis, "task storage");
    assertThat(check.path("detail").asText())
        .isEqualTo("btf load probe: EPERM (operation not permitted)");
    assertThat(check.path("mend").asText())
        .isEqualTo("CAP_BPF is missing: run as root or grant CAP_BPF");
  }

  private ChildJvm doctor() {
    return ChildJvm.of("io.taskstorage.agent.command.TaskStorageCommand")
        .arguments("doctor", "-o", "json", "--bpffs=" + bpffs);
  }

  private static JsonNode check(JsonNode diagnosis, String name) {
    for (JsonNode check : diagnosis.path("checks")) {
      if (check.path("name").asText().equals(name)) {
        return check;
      }
    }
    throw new AssertionError("no check " + name + " in " + diagnosis);
  }
}
