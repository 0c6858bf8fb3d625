package io.taskstorage.bpf.asm;

/** The condition of a jump. Those that begin with S compare signed numbers. */
public enum Cond {
  EQ(0x10, "=="),
  GT(0x20, ">"),
  GE(0x30, ">="),
  /** At least one bit is set in both operands. */
  SET(0x40, "&"),
  NE(0x50, "!="),
  SGT(0x60, "s>"),
  SGE(0x70, "s>="),
  LT(0xa0, "<"),
  LE(0xb0, "<="),
  SLT(0xc0, "s<"),
  SLE(0xd0, "s<=");

  private final int bits;
  private final String text;

  Cond(int bits, String text) {
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
