package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.KernelTest.Need;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs kernel tests in JVMs to which something of the kernel is refused. */
class KernelTestGateTest {
  private static final String NO_CAPABILITY =
      "exec setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all \"$@\"";
  private static final String REFUSED =
      "bpf(2) refused to make a map: Operation not permitted: run as root or with CAP_BPF";

  @Test
  void skipsWithTheReasonAndCountsIt() {
    // When
    Outcome outcome = gate(NO_CAPABILITY, Gated.NeedsBpf.class).run();

    // Then
    assertThat(outcome.stdout()).isEqualTo("skipped passes(): " + REFUSED + "\n");
    assertThat(outcome.stderr())
        .contains("kernel tests: 0 run, 1 skipped because " + REFUSED + " (1)\n");
  }

  @ParameterizedTest
  @CsvSource({"CI,true", "JAVA_TOOL_OPTIONS,-Dkernel.tests=required"})
  void failsWhereKernelTestsAreRequired(String variable, String value) {
    // When
    Outcome outcome = gate(NO_CAPABILITY, Gated.NeedsBpf.class).environment(variable, value).run();

    // Then
    assertThat(outcome.stdout())
        .startsWith("FAILED passes()")
        .contains(
            "kernel test: "
                + REFUSED
                + " (kernel tests are required here: CI=true or -Dkernel.tests=required)");
    assertThat(outcome.stderr()).contains("kernel tests: 1 run, 0 skipped");
  }

  @Test
  @KernelTest
  void runsWhereNothingIsRefused() {
    // Then
    assertThat(gate("exec \"$@\"", Gated.NeedsBpf.class).run().stdout())
        .isEqualTo("SUCCESSFUL passes()\n");
  }

  @Test
  void missingCompilerIsNamed(@TempDir Path folder) {
    // When: another base folder has no program compiled before
    Outcome outcome =
        gate("exec \"$@\"", Gated.NeedsBpf.class)
            .environment("JAVA_TOOL_OPTIONS", "-Dbasedir=" + folder)
            .environment("PATH", folder.toString())
            .run();

    // Then
    assertThat(outcome.stdout())
        .isEqualTo(
            "skipped passes(): compile make-a-map: gcc is not installed: run"
                + " tools/test-packages\n");
  }

  @Test
  @KernelTest(needs = Need.CGROUP2)
  void missingCgroup2IsNamed() {
    assertThat(gate(withoutCgroup2(), Gated.NeedsCgroup2.class).run().stdout())
        .isEqualTo(
            "skipped passes(): no cgroup2 hierarchy is mounted: mount -t cgroup2 cgroup2 DIR\n");
  }

  @Test
  @KernelTest(needs = Need.BPFFS)
  void refusedMountIsNamed() {
    assertThat(
            gate(
                    "exec setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin \"$@\"",
                    Gated.NeedsBpffs.class)
                .run()
                .stdout())
        .startsWith("skipped passes(): no bpffs can be mounted: mount bpffs ")
        .endsWith(": run as root\n");
  }

  @Test
  @KernelTest(needs = Need.BPFTOOL)
  void missingBpftoolIsNamed() {
    assertThat(
            gate(
                    "mount --bind /dev/null /usr/sbin/bpftool && exec \"$@\"",
                    Gated.NeedsBpftool.class)
                .run()
                .stdout())
        .isEqualTo("skipped passes(): bpftool is not installed: run tools/test-packages\n");
  }

  private static String withoutCgroup2() {
    Optional<Path> root = MountInfo.cgroup2Root();
    return "umount --lazy " + root.orElseThrow() + " && exec \"$@\"";
  }

  /** A JVM that runs one class, after {@code preparation} in a mount namespace of its own. */
  private static Command gate(String preparation, Class<?> testClass) {
    Command jvm =
        ChildJvm.of(Gated.class.getName())
            .arguments(testClass.getName())
            .command()
            .withoutEnvironment("CI");
    return Files.isWritable(Path.of("/proc/sys/kernel/core_pattern"))
        ? jvm.prefixed("/usr/bin/unshare", "--mount", "/bin/sh", "-c", preparation, "sh")
        : jvm;
  }
}
