package io.taskstorage.bpf.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * One {@code union bpf_attr}: zeroed, 8-aligned, with everything it points to in the same arena.
 *
 * <p>The kernel refuses a nonzero byte behind a command's last field, so an attribute is never
 * reused for another command. Numbers are in host byte order, as the kernel reads them.
 */
public final class Attr {
  private final Arena arena;
  private final MemorySegment segment;

  private Attr(Arena arena, int sizeBytes) {
    this.arena = arena;
    this.segment = arena.allocate(sizeBytes, 8);
  }

  /** A zeroed attribute of the given size; it lives as long as the arena. */
  public static Attr zeroed(Arena arena, int sizeBytes) {
    return new Attr(arena, sizeBytes);
  }

  public Attr u32(int offset, int value) {
    segment.set(ValueLayout.JAVA_INT, offset, value);
    return this;
  }

  public Attr u64(int offset, long value) {
    segment.set(ValueLayout.JAVA_LONG, offset, value);
    return this;
  }

  /** Stores the segment's address; the segment must live in this attribute's arena or longer. */
  public Attr pointer(int offset, MemorySegment target) {
    return u64(offset, target.address());
  }

  /** Copies the bytes into the arena and stores their address. */
  public Attr bytes(int offset, byte[] bytes) {
    MemorySegment copy = arena.allocate(Math.max(1, bytes.length), 8);
    MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return pointer(offset, copy);
  }

  /** Stores the address of a NUL-terminated copy. */
  public Attr string(int offset, String text) {
    return pointer(offset, arena.allocateFrom(text, StandardCharsets.UTF_8));
  }

  /** Writes the text into the attribute itself, zero padded; the kernel judges its length. */
  public Attr name(int offset, int sizeBytes, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, sizeBytes);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, offset, length);
    return this;
  }

  public int u32(int offset) {
    return segment.get(ValueLayout.JAVA_INT, offset);
  }

  public MemorySegment segment() {
    return segment;
  }

  public Arena arena() {
    return arena;
  }
}
