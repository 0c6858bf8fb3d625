package io.taskstorage.bpf.asm;

/** The right-hand side of an operation, a comparison or a store: a register or a constant. */
public sealed interface Operand permits Reg, Operand.Imm {

  /**
   * A constant inside the instruction.
   *
   * @param value sign-extended to 64 bits by every 64-bit operation; a wider constant needs {@link
   *     Asm#imm64}
   */
  record Imm(int value) implements Operand {}
}
