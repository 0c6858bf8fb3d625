package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read from files of {@code /proc}, as proc(5) describes them. */
class ProcFilesTest {
  @Test
  void mountPointsOfATypeComeInTheirOrder() {
    // Given
    List<String> mountinfo =
        List.of(
            "22 1 0:20 / /sys rw,nosuid - sysfs sysfs rw",
            "30 22 0:27 / /sys/fs/bpf rw,nosuid shared:9 - bpf bpf rw,mode=700",
            "31 22 0:28 / /sys/fs/cgroup/unified rw master:3 shared:10 - cgroup2 cgroup2 rw",
            "40 22 0:29 / /mnt/a\\040b\\011c\\134d rw - bpf none rw",
            "41 22 0:30 / /mnt/bpf rw - tmpfs bpf rw",
            "a line of another form - bpf");

    // When
    List<Path> bpf = MountTable.mountPoints(mountinfo, "bpf");
    List<Path> cgroup2 = MountTable.mountPoints(mountinfo, "cgroup2");

    // Then
    assertThat(bpf).containsExactly(Path.of("/sys/fs/bpf"), Path.of("/mnt/a b\tc\\d"));
    assertThat(cgroup2).containsExactly(Path.of("/sys/fs/cgroup/unified"));
  }

  @Test
  void aLockIsFoundByDeviceAndInode() {
    // Given
    List<String> locks =
        List.of(
            "1: POSIX  ADVISORY  WRITE 11 00:1b:77 0 EOF",
            "2: FLOCK  ADVISORY  WRITE 22 00:1b:78 0 EOF",
            "2: -> FLOCK  ADVISORY  WRITE 33 00:1b:77 0 EOF",
            "3: FLOCK  ADVISORY  WRITE 44 00:1b:77 0 EOF",
            "4: FLOCK  ADVISORY  WRITE 0 103:02:9 0 EOF");

    // When, Then
    assertThat(DirectoryLock.holderPid(locks, 0x1b, 77)).hasValue(44);
    assertThat(DirectoryLock.holderPid(locks, 0x1b, 79)).isEmpty();
    // Number 0: a holder of a pid namespace that cannot be seen from here.
    assertThat(DirectoryLock.holderPid(locks, 0x103 << 8 | 0x02, 9)).isEmpty();
  }

  @Test
  void capabilitiesAreBits() {
    // Given
    List<String> status = List.of("Name:\tjava", "CapEff:\t000000c000200000", "Seccomp:\t0");

    // When
    Capabilities capabilities = Capabilities.of(status);

    // Then
    assertThat(capabilities.names()).containsExactly("CAP_BPF", "CAP_PERFMON", "CAP_SYS_ADMIN");
    assertThat(new Capabilities(1L << Capabilities.CAP_BPF).names()).containsExactly("CAP_BPF");
    assertThat(new Capabilities(1L << Capabilities.CAP_BPF).has(Capabilities.CAP_PERFMON))
        .isFalse();
    assertThat(new Capabilities(1L << Capabilities.CAP_SYS_ADMIN).has(Capabilities.CAP_PERFMON))
        .isTrue();
  }

  @Test
  void aStatusWithoutCapabilitiesIsRefused() {
    assertThatThrownBy(() -> Capabilities.of(List.of("Name:\tjava")))
        .hasMessage("capabilities: no line CapEff:");
  }
}
