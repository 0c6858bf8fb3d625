package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** BPF_MAP_LOOKUP_BATCH: the elements of a map, many with each call. */
final class BatchLookup {
  private static final int MOST = 1024;
  private static final int MOST_BYTES = 256 << 10;

  private final Fd map;
  private final MapInfo info;
  private final int chunk;

  BatchLookup(Fd map, MapInfo info) {
    this.map = map;
    this.info = info;
    this.chunk =
        Math.min(
            Math.clamp(MOST_BYTES / info.valueSize(), 1, MOST), Math.max(1, info.maxEntries()));
  }

  /**
   * Reads elements in the kernel's order.
   *
   * @param after the key of an array before the first that is read; null to begin at the first
   * @param count how many at most
   * @param each given a copy of key and value
   */
  void read(byte @Nullable [] after, int count, BiConsumer<byte[], byte[]> each) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment next = arena.allocate(Math.max(Long.BYTES, info.keySize()), Long.BYTES);
      MemorySegment keys = arena.allocate((long) chunk * info.keySize(), Long.BYTES);
      MemorySegment values = arena.allocate((long) chunk * info.valueSize(), Long.BYTES);
      Attr attr =
          Attr.zeroed(arena, Uapi.BATCH_SIZE)
              .pointer(Uapi.BATCH_OUT, next)
              .pointer(Uapi.BATCH_KEYS, keys)
              .pointer(Uapi.BATCH_VALUES, values)
              .u32(Uapi.BATCH_MAP_FD, map.number());
      if (after != null) {
        attr.bytes(Uapi.BATCH_IN, after);
      }
      boolean isEnd = false;
      for (int left = count; left > 0 && !isEnd; ) {
        attr.u32(Uapi.BATCH_COUNT, Math.min(chunk, left));
        long result = Syscall.bpf(Uapi.BPF_MAP_LOOKUP_BATCH, attr.segment());
        isEnd = result == -Errno.ENOENT.number();
        if (result < 0 && !isEnd) {
          Errno errno = Syscall.errno(result);
          throw new BpfException("map lookup", info.name(), errno, errno.hint().orElse(null));
        }
        int read = attr.u32(Uapi.BATCH_COUNT);
        for (int i = 0; i < read; i++) {
          each.accept(element(keys, i, info.keySize()), element(values, i, info.valueSize()));
        }
        left -= read;
        attr.pointer(Uapi.BATCH_IN, next);
      }
    }
  }

  private static byte[] element(MemorySegment all, int index, int bytes) {
    return all.asSlice((long) index * bytes, bytes).toArray(ValueLayout.JAVA_BYTE);
  }
}
