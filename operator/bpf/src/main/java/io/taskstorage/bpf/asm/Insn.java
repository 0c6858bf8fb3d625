package io.taskstorage.bpf.asm;

/**
 * One instruction as plain data: one record for each kind that programs here use. Maps, kernel
 * functions and places to jump to stand by name; numbers come when bytes are made.
 */
public sealed interface Insn {

  /** How many 8-byte slots it takes: constants of 64 bits take two, everything else one. */
  default int slots() {
    return switch (this) {
      case LoadImm64 _, LoadMap _ -> 2;
      case Load _, Store _, AtomicAdd _, Alu _, Jump _, JumpIf _, Call _, CallKfunc _, Exit _ -> 1;
    };
  }

  /** {@code dst = *(size *)(base + offset)}. */
  record Load(Size size, Reg dst, Reg base, short offset) implements Insn {}

  /** {@code *(size *)(base + offset) = src}. */
  record Store(Size size, Reg base, short offset, Operand src) implements Insn {}

  /**
   * {@code *(size *)(base + offset) += src} as one atomic step.
   *
   * @param fetch whether {@code src} receives the old number, which also makes the instruction a
   *     full memory barrier
   */
  record AtomicAdd(Size size, Reg base, short offset, Reg src, boolean fetch) implements Insn {}

  /** {@code dst = dst op src}. */
  record Alu(Width width, AluOp op, Reg dst, Operand src) implements Insn {}

  /** {@code dst = value}, all 64 bits. */
  record LoadImm64(Reg dst, long value) implements Insn {}

  /** {@code dst = &map}; the loader puts the map's descriptor in. */
  record LoadMap(Reg dst, String map) implements Insn {}

  /** {@code goto target}. */
  record Jump(Label target) implements Insn {}

  /** {@code if (left cond right) goto target}. */
  record JumpIf(Width width, Reg left, Cond cond, Operand right, Label target) implements Insn {}

  /** {@code r0 = helper(r1, …)}. */
  record Call(Helper helper) implements Insn {}

  /** {@code r0 = function(r1, …)} of the kernel; the loader puts its BTF type id in. */
  record CallKfunc(String function) implements Insn {}

  /** {@code return r0}. */
  record Exit() implements Insn {}
}
