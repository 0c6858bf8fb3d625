package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An array or a hash that programs share with user space: bytes by a key of bytes, both in the
 * machine's byte order. Closing it releases the descriptor; a pin or a program keeps the map.
 */
public final class PlainMap implements KernelMap {
  private final Fd fd;
  private final MapInfo info;

  private PlainMap(Fd fd, MapInfo info) {
    this.fd = fd;
    this.info = info;
  }

  /** Elements 0 to {@code length - 1}, always there, at first zero; the key is a u32. */
  public static PlainMap array(String name, int valueBytes, int length) {
    return create(Uapi.BPF_MAP_TYPE_ARRAY, name, 4, valueBytes, length);
  }

  /** At most {@code capacity} elements by key, none at first. */
  public static PlainMap hash(String name, int keyBytes, int valueBytes, int capacity) {
    return create(Uapi.BPF_MAP_TYPE_HASH, name, keyBytes, valueBytes, capacity);
  }

  private static PlainMap create(
      int type, String name, int keyBytes, int valueBytes, int maxEntries) {
    return of(MapCommands.createPlain(type, name, keyBytes, valueBytes, maxEntries), name);
  }

  /** BPF_OBJ_GET of a pinned array or hash. */
  public static PlainMap open(Path pin, Access access) {
    return of(MapCommands.open(pin, access), pin.toString());
  }

  private static PlainMap of(Fd fd, String object) {
    try {
      MapInfo info = MapCommands.infoOfMap(fd, object);
      if (info.type() != Uapi.BPF_MAP_TYPE_ARRAY && info.type() != Uapi.BPF_MAP_TYPE_HASH) {
        throw new BpfException(
            "map open",
            object,
            Errno.EINVAL,
            "it is a map of type " + info.type() + ", neither array nor hash");
      }
      return new PlainMap(fd, info);
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  @Override
  public MapInfo info() {
    return info;
  }

  /** BPF_OBJ_PIN. The pin belongs to whoever unpins it. */
  public void pin(Path path) {
    MapCommands.pin(fd, path);
  }

  /** A copy of the value, empty where the hash has no such key or the array no such element. */
  public Optional<byte[]> lookup(byte[] key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(info.valueSize(), 8);
      Attr attr = element(arena, key).pointer(Uapi.ELEM_VALUE, value);
      long result = Syscall.bpf(Uapi.BPF_MAP_LOOKUP_ELEM, attr.segment());
      if (result == -Errno.ENOENT.number()) {
        return Optional.empty();
      }
      check("map lookup", result);
      return Optional.of(value.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /**
   * Stores a value; a running program may see parts of the old and the new one.
   *
   * @throws BpfException E2BIG when the hash is full or the array has no such element
   */
  public void put(byte[] key, byte[] value) {
    check("value", value.length, info.valueSize());
    try (Arena arena = Arena.ofConfined()) {
      Attr attr = element(arena, key).bytes(Uapi.ELEM_VALUE, value);
      long result = Syscall.bpf(Uapi.BPF_MAP_UPDATE_ELEM, attr.segment());
      check("map update", result);
    }
  }

  /**
   * Removes an element of a hash if it is there.
   *
   * @throws BpfException EINVAL for an array, whose elements stay
   */
  public void remove(byte[] key) {
    try (Arena arena = Arena.ofConfined()) {
      long result = Syscall.bpf(Uapi.BPF_MAP_DELETE_ELEM, element(arena, key).segment());
      if (result != -Errno.ENOENT.number()) {
        check("map delete", result);
      }
    }
  }

  /** Every key, in no order; somebody who removes elements meanwhile may make it miss some. */
  public List<byte[]> keys() {
    List<byte[]> keys = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment next = arena.allocate(info.keySize(), 8);
      Attr attr =
          Attr.zeroed(arena, Uapi.ELEM_SIZE)
              .u32(Uapi.ELEM_MAP_FD, fd.number())
              .pointer(Uapi.ELEM_VALUE, next);
      while (true) {
        long result = Syscall.bpf(Uapi.BPF_MAP_GET_NEXT_KEY, attr.segment());
        if (result == -Errno.ENOENT.number()) {
          return keys;
        }
        check("map next key", result);
        byte[] key = next.toArray(ValueLayout.JAVA_BYTE);
        keys.add(key);
        attr.bytes(Uapi.ELEM_KEY, key);
      }
    }
  }

  /**
   * Every element, many with each call, in no order; a change by somebody else meanwhile may make
   * it miss some, or meet one twice.
   *
   * @param each given a copy of key and value
   */
  public void forEach(BiConsumer<byte[], byte[]> each) {
    new BatchLookup(fd, info).read(null, Integer.MAX_VALUE, each);
  }

  /**
   * Copies of the values of an array, many with each call.
   *
   * @param from the first one, greater than zero
   * @param count how many; fewer where the array ends
   */
  public List<byte[]> values(int from, int count) {
    byte[] before =
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(from - 1).array();
    check("key", before.length, info.keySize());
    List<byte[]> values = new ArrayList<>();
    new BatchLookup(fd, info).read(before, count, (_, value) -> values.add(value));
    return values;
  }

  private Attr element(Arena arena, byte[] key) {
    check("key", key.length, info.keySize());
    return Attr.zeroed(arena, Uapi.ELEM_SIZE)
        .u32(Uapi.ELEM_MAP_FD, fd.number())
        .bytes(Uapi.ELEM_KEY, key);
  }

  private void check(String what, int bytes, int wanted) {
    if (bytes != wanted) {
      throw new IllegalArgumentException(
          "map %s: %s of %d bytes: the map has %d".formatted(info.name(), what, bytes, wanted));
    }
  }

  private void check(String operation, long result) {
    if (result < 0) {
      Errno errno = Syscall.errno(result);
      throw new BpfException(operation, info.name(), errno, hint(errno));
    }
  }

  private @Nullable String hint(Errno errno) {
    if (errno.equals(Errno.E2BIG)) {
      return "the map has no more than " + info.maxEntries() + " elements";
    }
    return errno.equals(Errno.EINVAL)
        ? "elements of an array stay: store zeros instead"
        : Hint.element(errno, info.valueSize());
  }

  Fd fd() {
    return fd;
  }

  @Override
  public void close() {
    fd.close();
  }
}
