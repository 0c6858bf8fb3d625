package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.testkit.Preemption;

/**
 * What kernels before 7.0 guard task storage with: on each CPU they count who is inside it, and
 * make no entry there meanwhile.
 */
final class StorageGuard {
  /** The count; it has gone together with the guard. */
  private static final String COUNT = "bpf_task_storage_busy";

  private StorageGuard() {}

  /** Whether this kernel has it. */
  static boolean isThere() {
    return KernelBtf.vmlinux().typeId(COUNT, BtfKind.VAR).isPresent();
  }

  /**
   * Whether it can refuse a birth its entry: only where a task is put aside inside task storage.
   */
  static boolean refusesBirths() {
    return isThere() && Preemption.isEverywhere();
  }
}
