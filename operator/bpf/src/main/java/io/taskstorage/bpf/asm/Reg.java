package io.taskstorage.bpf.asm;

/**
 * A register of the BPF machine. {@code R0} is what a call returns, {@code R1} to {@code R5} are
 * arguments and lost by a call, {@code R6} to {@code R9} survive calls, {@code R10} is the
 * read-only frame pointer. A program names the roles it gives them by constants of its own: {@code
 * private static final Reg TASK = Reg.R6}.
 */
public enum Reg implements Operand {
  R0(0),
  R1(1),
  R2(2),
  R3(3),
  R4(4),
  R5(5),
  R6(6),
  R7(7),
  R8(8),
  R9(9),
  R10(10);

  private final int number;

  Reg(int number) {
    this.number = number;
  }

  /** The number in the instruction, 0 to 10. */
  public int number() {
    return number;
  }
}
