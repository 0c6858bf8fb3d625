package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.layout.ByteRange;
import java.util.List;

/** What makes the programs of a set of maps. Confined to the thread that loads them. */
@FunctionalInterface
public interface ProgramSource {
  /** As this version of the agent makes them for the running kernel. */
  ProgramSource OF_THIS_KERNEL =
      owned -> new NodePrograms(KernelOffsets.of(KernelBtf.vmlinux()), owned);

  /**
   * The programs for these maps.
   *
   * @param ownedRanges of each map what policies own in its value
   * @throws BpfException ENOENT where the kernel has not what they read
   */
  NodePrograms of(List<List<ByteRange>> ownedRanges);
}
