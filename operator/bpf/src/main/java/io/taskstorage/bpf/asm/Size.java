package io.taskstorage.bpf.asm;

import java.util.Locale;

/** How many bytes a load or a store moves; loads zero-extend to 64 bits. */
public enum Size {
  U8(1, 0x10),
  U16(2, 0x08),
  U32(4, 0x00),
  U64(8, 0x18);

  private final int bytes;
  private final int bits;

  Size(int bytes, int bits) {
    this.bytes = bytes;
    this.bits = bits;
  }

  /** The number of bytes moved. */
  public int bytes() {
    return bytes;
  }

  /** The size bits of the operation code. */
  int bits() {
    return bits;
  }

  /** The kernel's word for it, as the verifier prints it: {@code u8} to {@code u64}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
