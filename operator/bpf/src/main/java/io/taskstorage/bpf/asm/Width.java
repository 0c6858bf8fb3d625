package io.taskstorage.bpf.asm;

/** Whether an operation or a comparison works on the whole register or on its lower half. */
public enum Width {
  /** The lower 32 bits; an operation clears the upper ones. The verifier prints {@code w1}. */
  W32('w', 0x04, 0x06),
  /** All 64 bits. The verifier prints {@code r1}. */
  W64('r', 0x07, 0x05);

  private final char prefix;
  private final int aluClass;
  private final int jumpClass;

  Width(char prefix, int aluClass, int jumpClass) {
    this.prefix = prefix;
    this.aluClass = aluClass;
    this.jumpClass = jumpClass;
  }

  int aluClass() {
    return aluClass;
  }

  int jumpClass() {
    return jumpClass;
  }

  /** A register as the verifier prints it in an operation of this width. */
  String text(Reg reg) {
    return prefix + Integer.toString(reg.number());
  }
}
