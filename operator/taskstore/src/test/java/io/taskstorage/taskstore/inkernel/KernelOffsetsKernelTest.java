package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.testkit.ChangedKernelTypes;
import io.taskstorage.testkit.KernelTest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs read of the kernel, and a kernel that lacks one of it. */
@KernelTest
class KernelOffsetsKernelTest {
  @TempDir private Path folder;

  @Test
  void theRunningKernelHasAll() {
    // When
    KernelOffsets offsets = KernelOffsets.of(KernelBtf.vmlinux());

    // Then
    assertThat(offsets.taskPid()).isPositive().isNotEqualTo(offsets.taskTgid());
    assertThat(offsets.cgroupParent()).isNotEqualTo(offsets.cgroupRoot());
  }

  @ParameterizedTest
  @CsvSource({
    "task_struct.cgroups, cgroups, cgroupz",
    "task_struct.pid, pid, pjd",
    "task_struct.tgid, tgid, tgjd",
    "task_struct.__state, __state, __stair",
    "task_struct.exit_state, exit_state, exit_stair",
    "task_struct.signal, signal, sjgnal",
    "signal_struct.nr_threads, nr_threads, nr_threadz",
    "css_set.dfl_cgrp, dfl_cgrp, dfl_cgrq",
    "css_set.dfl_cgrp, css_set, css_zet",
    "cgroup.kn, kn, kq",
    "cgroup.self.parent, parent, parenz",
    "cgroup.root, root, rooz",
    "kernfs_node.id, id, jd",
    "cgroup_subsys_state.cgroup, cgroup_subsys_state, cgroup_subsys_stair"
  })
  void theMissingMemberIsNamed(String member, String name, String other) {
    // Given
    Path types = ChangedKernelTypes.write(folder.resolve("vmlinux"), Map.of(name, other));
    KernelBtf kernel = KernelBtf.read(types);

    // When, Then
    assertThatThrownBy(() -> KernelOffsets.of(kernel))
        .isInstanceOf(BpfException.class)
        .hasMessage(
            "find member %s: ENOENT (no such file or entry): this kernel's struct has no such"
                + " member: use the plane rescan, and report the kernel",
            member);
  }
}
