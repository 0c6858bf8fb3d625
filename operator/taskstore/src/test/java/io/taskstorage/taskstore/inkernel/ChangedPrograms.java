package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Reg;
import io.taskstorage.bpf.btf.KernelBtf;

/** Programs as other versions of the agent may have them: each does the same, by other code. */
final class ChangedPrograms {
  private ChangedPrograms() {}

  /** By this instruction the versions differ. */
  private record OneMore(int number) implements StoreSteps {
    @Override
    public void rowRead(Asm asm) {
      asm.note("version %d".formatted(number)).mov(Reg.R0, number);
    }
  }

  /** Of a version; none is that of this one. */
  static ProgramSource of(int version) {
    return owned ->
        new NodePrograms(KernelOffsets.of(KernelBtf.vmlinux()), owned, new OneMore(version));
  }
}
