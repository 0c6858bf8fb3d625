package io.taskstorage.bpf.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * One {@code union bpf_attr}: zeroed, 8-aligned, with everything it points to in the same arena.
 *
 * <p>The kernel refuses a nonzero byte behind a command's last field (CHECK_ATTR in
 * kernel/bpf/syscall.c), so an attribute serves one command only. Numbers are in host byte order.
 * Confined to the thread of its arena.
 */
public final class Attr {
  private final Arena arena;
  private final MemorySegment segment;

  private Attr(Arena arena, int sizeBytes) {
    this.arena = arena;
    this.segment = arena.allocate(sizeBytes, Long.BYTES);
  }

  /** A zeroed attribute that lives as long as the arena. */
  public static Attr zeroed(Arena arena, int sizeBytes) {
    return new Attr(arena, sizeBytes);
  }

  /** Stores 4 bytes. */
  public Attr u32(int offset, int value) {
    segment.set(ValueLayout.JAVA_INT, offset, value);
    return this;
  }

  /** Stores 8 bytes. */
  public Attr u64(int offset, long value) {
    segment.set(ValueLayout.JAVA_LONG, offset, value);
    return this;
  }

  /** Stores the address of {@code target}, which must live as long as this attribute is used. */
  public Attr pointer(int offset, MemorySegment target) {
    return u64(offset, target.address());
  }

  /** Copies the bytes into the arena and stores the copy's address. */
  public Attr bytes(int offset, byte[] bytes) {
    MemorySegment copy = arena.allocate(Math.max(1, bytes.length), Long.BYTES);
    MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return pointer(offset, copy);
  }

  /** Stores the address of a NUL-terminated UTF-8 copy. */
  public Attr string(int offset, String text) {
    return pointer(offset, arena.allocateFrom(text, StandardCharsets.UTF_8));
  }

  /**
   * Writes an object's name into the attribute itself. One that is too long fills the field without
   * a NUL, which the kernel refuses: nothing is cut silently.
   */
  public Attr name(int offset, int sizeBytes, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, sizeBytes);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, offset, length);
    return this;
  }

  /** Reads 4 bytes, for what the kernel wrote back. */
  public int u32(int offset) {
    return segment.get(ValueLayout.JAVA_INT, offset);
  }

  /** The memory itself. */
  public MemorySegment segment() {
    return segment;
  }

  /** The arena of the attribute and of what it points to. */
  public Arena arena() {
    return arena;
  }
}
