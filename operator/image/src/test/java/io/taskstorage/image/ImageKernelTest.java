package io.taskstorage.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs of the image at work, as a node runs them, on this machine's kernel. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class ImageKernelTest {

  private static final String NODE = "/usr/bin/taskstorage";
  private static final String CLUSTER = "/usr/bin/taskstorage-controller";

  /** A JVM that cannot use the cache ends at once. */
  private static final String CACHE_OR_NOTHING = "-XX:AOTMode=on";

  private static final int NOBODY_SPECIAL = 65532;

  @TempDir private static Path folder = Path.of("");

  @BeforeAll
  static void unpack() throws IOException {
    Image.packaged().unpack(Files.createDirectory(root()), folder.resolve("layers"));
    Container.prepare(root());
  }

  private static Path root() {
    return folder.resolve("root");
  }

  @ParameterizedTest
  @CsvSource({NODE + ",0", NODE + ",65532"})
  void versionIsTold(String program, int user) {
    Outcome outcome = Container.in(root()).withUser(user).run(program, "version");
    assertThat(outcome.stdoutIfDone()).contains("taskstorage 0.1.0", "25.");
    assertThat(outcome.stderr()).isEmpty();
  }

  @Test
  void agentTellsItsOptions() {
    assertThat(Container.in(root()).run(NODE, "agent", "--help").stdoutIfDone())
        .contains("Usage: taskstorage agent", "--node-name=NAME");
  }

  @Test
  void controllerRunsAsOrdinaryUser() {
    Container controller = Container.in(root()).withUser(NOBODY_SPECIAL);
    assertThat(controller.run(CLUSTER, "controller", "--help").stdoutIfDone())
        .contains("Usage: taskstorage controller", "--leader-elect");
    Outcome alone = controller.run(CLUSTER, "controller");
    assertThat(alone.exitCode()).isEqualTo(1);
    assertThat(alone.stderr()).contains("KUBECONFIG").doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource({NODE + ",agent", CLUSTER + ",controller"})
  void cacheFitsTheImage(String program, String command) {
    Container container = Container.in(root()).withOptions(CACHE_OR_NOTHING);
    assertThat(container.run(program, command, "--help").stdoutIfDone()).contains("Usage:");
  }

  /** A processor that lacks what such code uses ends the JVM. */
  @ParameterizedTest
  @CsvSource({NODE + ",agent", CLUSTER + ",controller"})
  void cacheHoldsNoMachineCode(String program, String command) {
    Container container =
        Container.in(root()).withOptions(CACHE_OR_NOTHING + " -Xlog:aot+codecache*=info:stdout");
    assertThat(container.run(program, command, "--help").stdoutIfDone())
        .containsPattern("AOT Code Cache is (empty|not used)")
        .contains("Usage:");
  }

  /** Jars of another time are not what the cache was made of. */
  @Test
  void cacheThatDoesNotFitIsPassedOver() throws IOException {
    // Given
    Path options = root().resolve(Image.HOME).resolve("taskstorage.options");
    String classPath =
        Files.readString(options).lines().filter(l -> l.startsWith("/")).toList().getFirst();
    Path jar = root().resolve(classPath.split(":", 2)[0].substring(1));
    FileTime before = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
    try {
      // When
      Outcome strict = Container.in(root()).withOptions(CACHE_OR_NOTHING).run(NODE, "version");
      Outcome usual = Container.in(root()).run(NODE, "version");
      // Then
      assertThat(strict.exitCode()).isNotZero();
      assertThat(usual.stdoutIfDone()).contains("taskstorage 0.1.0");
      assertThat(usual.stderr()).isEmpty();
    } finally {
      Files.setLastModifiedTime(jar, before);
    }
  }

  @Test
  void twoCapabilitiesAreEnoughForDoctor(CgroupSandbox cgroups, @BpffsMount Path bpffs) {
    String said = agent(cgroups, bpffs).run(NODE, "doctor").stdoutIfDone();
    assertThat(said).contains("plane: InKernel");
  }

  @Test
  void withoutThemDoctorSaysWhatIsMissing(CgroupSandbox cgroups, @BpffsMount Path bpffs) {
    Outcome outcome = agent(cgroups, bpffs).withCapabilities(0).run(NODE, "doctor");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout()).contains("CAP_BPF");
  }

  @Test
  void valuesAreWrittenWithTwoCapabilities(
      CgroupSandbox cgroups, @BpffsMount Path bpffs, Tasks tasks, @TempDir Path manifests)
      throws IOException {
    // Given
    Cgroup shop = cgroups.create("shop");
    Task task = tasks.processIn(shop.path());
    Files.writeString(manifests.resolve("shop.yaml"), manifests(shop));
    Container agent = agent(cgroups, bpffs).withMount(manifests, "/manifests", "ro");
    // When
    String done =
        agent
            .run(NODE, "run", "--once", "--keep", "--plane=in-kernel", "/manifests")
            .stdoutIfDone();
    Task child = task.fork();
    // Then
    assertThat(done).contains("tenant-ctx");
    for (Task each : new Task[] {task, child}) {
      String entry = agent.run(NODE, "get", "tenant-ctx", "--pid", "" + each.pid()).stdoutIfDone();
      assertThat(entry).containsPattern("tenant_id +U64 +policy +4711");
    }
    assertThat(agent.run(NODE, "clean").exitCode()).isZero();
  }

  private static Container agent(CgroupSandbox cgroups, Path bpffs) {
    return Container.in(root())
        .withCapabilities(Container.PERFMON_AND_BPF)
        .withMount(bpffs, "/sys/fs/bpf", "rw")
        .withMount(cgroups.root(), "/sys/fs/cgroup", "ro");
  }

  private static String manifests(Cgroup cgroup) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: TaskStorageMap
    metadata: {name: tenant-ctx}
    spec:
      bpfName: tenant_ctx
      value:
        typeName: tenant_ctx
        fields: [{name: tenant_id, type: U64}]
    ---
    apiVersion: taskstorage.io/v1alpha1
    kind: ClusterTaskStoragePolicy
    metadata: {name: shop}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: tenant-ctx}]
      tier: Baseline
      priority: 500
      subject: {hostProcesses: {cgroupPaths: [%s]}}
      values: [{field: tenant_id, value: "4711"}]
    """
        .formatted(cgroup.pathFromRoot());
  }
}
