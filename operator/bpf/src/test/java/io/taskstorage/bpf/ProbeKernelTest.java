package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The probes, on a kernel that lets everything be done that bpf(2) has. */
@KernelTest
@GuestTest(GuestSuite.PROGRAMS)
class ProbeKernelTest {
  private final Probe probe = new Probe();

  @Test
  void createsARealEntry() {
    // When
    ProbeResult result = probe.taskStorage();

    // Then
    assertThat(result).isEqualTo(new ProbeResult.Yes());
  }

  @Test
  void opensAThread() {
    // When
    ProbeResult result = probe.threadPidfd();

    // Then
    assertThat(result).isNotInstanceOf(ProbeResult.Unknown.class);
  }

  @Test
  void readsTheTypesOfTheKernel() {
    // When
    ProbeResult result = probe.vmlinuxBtf();

    // Then
    assertThat(result).isEqualTo(new ProbeResult.Yes());
  }

  @Test
  void loadsTracingPrograms() {
    // When
    ProbeResult result = probe.tracingPrograms();

    // Then
    assertThat(result).isEqualTo(new ProbeResult.Yes());
  }

  @Test
  void findsTheLargestValueByCreatingEntries() {
    // When
    int largest = probe.largestValueBytes();

    // Then
    assertThat(largest).isIn(MapSpec.LARGEST_VALUE_BYTES, MapSpec.LARGEST_PORTABLE_VALUE_BYTES);
  }

  @Test
  void countsTheTaskStorageMaps() {
    // Given
    int before = probe.taskStorageMaps().orElseThrow();
    try (BpfMap map = BpfMap.create(ByteMaps.bytes("counted", 8))) {

      // When
      int with = probe.taskStorageMaps().orElseThrow();

      // Then
      assertThat(map.info().isTaskStorage()).isTrue();
      assertThat(with).isPositive();
      assertThat(before).isNotNegative();
    }
  }

  @Test
  void findsWhatIsMounted() {
    // When
    var cgroup2 = Probe.cgroup2Root();

    // Then
    assertThat(probe.cgroup2()).isEqualTo(new ProbeResult.Yes());
    assertThat(Files.exists(cgroup2.orElseThrow().resolve("cgroup.procs"))).isTrue();
  }

  @Test
  void saysWhetherABpffsIsMounted() {
    // When
    ProbeResult result = probe.bpffs();

    // Then
    assertThat(result)
        .isEqualTo(
            Bpffs.mountPoint().isPresent()
                ? new ProbeResult.Yes()
                : new ProbeResult.No("no bpffs is mounted", "mount -t bpf bpf /sys/fs/bpf"));
  }

  @Test
  void knowsTheCapabilitiesOfThisThread() {
    // When
    Capabilities capabilities = probe.capabilities();

    // Then
    assertThat(capabilities.has(Capabilities.CAP_BPF)).isTrue();
    assertThat(capabilities.names()).isSubsetOf("CAP_BPF", "CAP_PERFMON", "CAP_SYS_ADMIN");
  }
}
