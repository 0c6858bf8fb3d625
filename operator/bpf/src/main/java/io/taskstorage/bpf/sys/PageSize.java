package io.taskstorage.bpf.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine's page size, from the vector that the kernel hands to every process (getauxval(3)).
 */
public final class PageSize {
  private static final long AT_NULL = 0;
  private static final long AT_PAGESZ = 6;
  private static final long BYTES = read();

  private PageSize() {}

  /** 4096 on x86_64; 4096, 16384 or 65536 on arm64. */
  public static long bytes() {
    return BYTES;
  }

  private static long read() {
    Path vector = Path.of("/proc/self/auxv");
    try {
      ByteBuffer pairs = ByteBuffer.wrap(Files.readAllBytes(vector)).order(ByteOrder.nativeOrder());
      while (pairs.remaining() >= 16) {
        long type = pairs.getLong();
        long value = pairs.getLong();
        if (type == AT_PAGESZ) {
          return value;
        }
        if (type == AT_NULL) {
          break;
        }
      }
      throw new IllegalStateException(
          "page size /proc/self/auxv: no AT_PAGESZ: mount a full /proc");
    } catch (IOException e) {
      throw new UncheckedIOException("page size " + vector + ": " + e.getMessage(), e);
    }
  }
}
