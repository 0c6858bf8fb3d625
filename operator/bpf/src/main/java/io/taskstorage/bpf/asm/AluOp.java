package io.taskstorage.bpf.asm;

/**
 * An arithmetic or logical operation {@code dst = dst op src}. Numbers are unsigned but for ARSH.
 */
public enum AluOp {
  ADD(0x00, "+="),
  SUB(0x10, "-="),
  MUL(0x20, "*="),
  /** Unsigned; a divisor of zero in a register gives zero. */
  DIV(0x30, "/="),
  OR(0x40, "|="),
  AND(0x50, "&="),
  LSH(0x60, "<<="),
  RSH(0x70, ">>="),
  /** Unsigned; a divisor of zero in a register leaves {@code dst} as it is. */
  MOD(0x90, "%="),
  XOR(0xa0, "^="),
  MOV(0xb0, "="),
  /** Shift right that keeps the sign. */
  ARSH(0xc0, "s>>=");

  private final int bits;
  private final String text;

  AluOp(int bits, String text) {
    this.bits = bits;
    this.text = text;
  }

  int bits() {
    return bits;
  }

  String text() {
    return text;
  }
}
