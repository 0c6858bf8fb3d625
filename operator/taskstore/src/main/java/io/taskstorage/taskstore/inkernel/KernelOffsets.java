package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;

/**
 * Where the running kernel keeps what the programs read, in bytes from the start of each struct.
 * All of it comes from the kernel's own types; nothing is known by heart.
 *
 * @param taskCgroups {@code task_struct.cgroups}, a {@code css_set *}
 * @param taskPid {@code task_struct.pid}: the thread's id in the first pid namespace
 * @param taskTgid {@code task_struct.tgid}: the process's id there
 * @param taskState {@code task_struct.__state}
 * @param taskExitState {@code task_struct.exit_state}: not 0 once the task has exited
 * @param taskSignal {@code task_struct.signal}, a {@code signal_struct *}
 * @param signalThreads {@code signal_struct.nr_threads}
 * @param setCgroup {@code css_set.dfl_cgrp}: the task's cgroup of the cgroup2 hierarchy
 * @param cgroupNode {@code cgroup.kn}, a {@code kernfs_node *}
 * @param cgroupParent {@code cgroup.self.parent}, a {@code cgroup_subsys_state *}, NULL at the root
 * @param cgroupRoot {@code cgroup.root}: the hierarchy that it belongs to
 * @param nodeId {@code kernfs_node.id}: the cgroup's id, which user space knows as an inode number
 * @param subsystemCgroup {@code cgroup_subsys_state.cgroup}
 * @param castableTask the BTF id of {@code task_struct}, for {@code bpf_rdonly_cast} (6.2); 0 where
 *     the kernel has no such function
 */
public record KernelOffsets(
    int taskCgroups,
    int taskPid,
    int taskTgid,
    int taskState,
    int taskExitState,
    int taskSignal,
    int signalThreads,
    int setCgroup,
    int cgroupNode,
    int cgroupParent,
    int cgroupRoot,
    int nodeId,
    int subsystemCgroup,
    int castableTask) {

  /**
   * Those of the kernel with these types.
   *
   * @throws BpfException ENOENT where a member is missing
   */
  public static KernelOffsets of(KernelBtf types) {
    return new KernelOffsets(
        offset(types, "task_struct", "cgroups"),
        offset(types, "task_struct", "pid"),
        offset(types, "task_struct", "tgid"),
        offset(types, "task_struct", "__state"),
        offset(types, "task_struct", "exit_state"),
        offset(types, "task_struct", "signal"),
        offset(types, "signal_struct", "nr_threads"),
        offset(types, "css_set", "dfl_cgrp"),
        offset(types, "cgroup", "kn"),
        offset(types, "cgroup", "self.parent"),
        offset(types, "cgroup", "root"),
        offset(types, "kernfs_node", "id"),
        offset(types, "cgroup_subsys_state", "cgroup"),
        castableTask(types));
  }

  private static int castableTask(KernelBtf types) {
    return types.typeId("bpf_rdonly_cast", BtfKind.FUNC).isPresent()
        ? types.typeId("task_struct", BtfKind.STRUCT).orElse(0)
        : 0;
  }

  private static int offset(KernelBtf types, String struct, String member) {
    return types
        .memberOffset(struct, member)
        .orElseThrow(
            () ->
                new BpfException(
                    "find member",
                    struct + "." + member,
                    Errno.ENOENT,
                    "this kernel's struct has no such member: use the plane rescan, and report the"
                        + " kernel"));
  }
}
