package io.taskstorage.bpf;

import io.taskstorage.bpf.btf.Btf;
import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The commands of bpf(2) on maps and pins, one method each. A returned descriptor is the caller's.
 */
final class MapCommands {
  /** A map's fdinfo has about 300 characters. */
  private static final int FDINFO_BYTES = 4096;

  private MapCommands() {}

  /** BPF_MAP_CREATE; its BTF is loaded before and let go afterwards, since the map keeps it. */
  static Fd create(MapSpec spec) {
    try (Arena arena = Arena.ofConfined();
        Btf btf = Btf.load(spec.btf(), spec.name())) {
      Attr attr =
          attr(arena, spec.mapType(), spec.name(), spec.keySize(), spec.valueSize())
              .u32(Uapi.MAP_CREATE_MAX_ENTRIES, spec.maxEntries())
              .u32(Uapi.MAP_CREATE_MAP_FLAGS, spec.mapFlags())
              .u32(Uapi.MAP_CREATE_BTF_FD, btf.fd().number())
              .u32(Uapi.MAP_CREATE_BTF_KEY_TYPE_ID, spec.btfKeyTypeId())
              .u32(Uapi.MAP_CREATE_BTF_VALUE_TYPE_ID, spec.btfValueTypeId());
      long result = Syscall.bpf(Uapi.BPF_MAP_CREATE, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("map create", spec.name(), errno, Hint.mapCreate(errno, spec));
      }
      return Fd.owning(result);
    }
  }

  /** BPF_MAP_CREATE of a type that needs neither BTF nor flags. */
  static Fd createPlain(int type, String name, int keyBytes, int valueBytes, int maxEntries) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          attr(arena, type, name, keyBytes, valueBytes)
              .u32(Uapi.MAP_CREATE_MAX_ENTRIES, maxEntries);
      long result = Syscall.bpf(Uapi.BPF_MAP_CREATE, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("map create", name, errno, Hint.plainMapCreate(errno));
      }
      return Fd.owning(result);
    }
  }

  /** BPF_MAP_CREATE of an array of maps, all of the form of {@code inner}. */
  static Fd createArrayOfMaps(String name, Fd inner, int length) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          attr(arena, Uapi.BPF_MAP_TYPE_ARRAY_OF_MAPS, name, Integer.BYTES, Integer.BYTES)
              .u32(Uapi.MAP_CREATE_MAX_ENTRIES, length)
              .u32(Uapi.MAP_CREATE_INNER_MAP_FD, inner.number());
      long result = Syscall.bpf(Uapi.BPF_MAP_CREATE, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("map create", name, errno, Hint.plainMapCreate(errno));
      }
      return Fd.owning(result);
    }
  }

  private static Attr attr(Arena arena, int type, String name, int keyBytes, int valueBytes) {
    return Attr.zeroed(arena, Uapi.MAP_CREATE_SIZE)
        .u32(Uapi.MAP_CREATE_MAP_TYPE, type)
        .u32(Uapi.MAP_CREATE_KEY_SIZE, keyBytes)
        .u32(Uapi.MAP_CREATE_VALUE_SIZE, valueBytes)
        .name(Uapi.MAP_CREATE_MAP_NAME, Uapi.BPF_OBJ_NAME_LEN, name);
  }

  /** BPF_MAP_FREEZE. */
  static void freeze(Fd map, String name) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr = Attr.zeroed(arena, Uapi.MAP_FREEZE_SIZE).u32(Uapi.ELEM_MAP_FD, map.number());
      long result = Syscall.bpf(Uapi.BPF_MAP_FREEZE, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("map freeze", name, errno, Hint.freeze(errno));
      }
    }
  }

  /** BPF_OBJ_GET_INFO_BY_FD, and fdinfo. What an older kernel does not know stays zero. */
  static MapInfo info(Fd map, String object) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(Uapi.MAP_INFO_SIZE, Long.BYTES);
      long result = Syscall.objectInfo(map, info);
      infoOrThrow(result, object);
      return new MapInfo(
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_TYPE),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_ID),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_KEY_SIZE),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_VALUE_SIZE),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_MAX_ENTRIES),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_MAP_FLAGS),
          info.getString(Uapi.MAP_INFO_NAME, StandardCharsets.US_ASCII),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_BTF_ID),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_BTF_KEY_TYPE_ID),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_BTF_VALUE_TYPE_ID),
          info.get(ValueLayout.JAVA_LONG, Uapi.MAP_INFO_MAP_EXTRA),
          isFrozen(arena, map, object));
    }
  }

  /** As {@link #info}, of a descriptor that may be of something else than a map. */
  static MapInfo infoOfMap(Fd fd, String object) {
    refuseOtherThan("bpf-map", fd, "map open", object);
    return info(fd, object);
  }

  /** The kernel answers a question about one kind with another kind's structure. */
  static void refuseOtherThan(String wanted, Fd fd, String operation, String object) {
    String kind = kind(fd);
    if (!kind.equals(wanted)) {
      throw new BpfException(operation, object, Errno.EINVAL, "a " + kind + " is pinned there");
    }
  }

  /** Only fdinfo tells. By system calls, since Java's file calls keep no errno. */
  private static boolean isFrozen(Arena arena, Fd map, String object) {
    long path = arena.allocateFrom("/proc/self/fdinfo/" + map.number()).address();
    long opened = Syscall.call(Uapi.SYS_OPENAT, Uapi.AT_FDCWD, path, Uapi.O_CLOEXEC, 0, 0);
    try (Fd fdinfo = Fd.owning(infoOrThrow(opened, object))) {
      // One character less than there are: the end of the text stays a NUL.
      MemorySegment text = arena.allocate(FDINFO_BYTES);
      long read =
          Syscall.call(Uapi.SYS_READ, fdinfo.number(), text.address(), FDINFO_BYTES - 1L, 0, 0);
      infoOrThrow(read, object);
      return text.getString(0, StandardCharsets.US_ASCII).lines().anyMatch("frozen:\t1"::equals);
    }
  }

  private static long infoOrThrow(long result, String object) {
    if (result < 0) {
      Errno errno = Syscall.errno(result);
      throw new BpfException("map info", object, errno, errno.hint().orElse(null));
    }
    return result;
  }

  /** BPF_OBJ_PIN of a map, program or link. */
  static void pin(Fd fd, Path path) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.OBJ_SIZE)
              .string(Uapi.OBJ_PATHNAME, path.toString())
              .u32(Uapi.OBJ_BPF_FD, fd.number());
      long result = Syscall.bpf(Uapi.BPF_OBJ_PIN, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("pin", path.toString(), errno, Hint.pin(errno, path));
      }
    }
  }

  /** BPF_OBJ_GET of whatever is pinned there. */
  static Fd open(Path pin, Access access) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.OBJ_SIZE)
              .string(Uapi.OBJ_PATHNAME, pin.toString())
              .u32(Uapi.OBJ_FILE_FLAGS, access.fileFlags());
      long result = Syscall.bpf(Uapi.BPF_OBJ_GET, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("pin open", pin.toString(), errno, Hint.open(errno, pin));
      }
      return Fd.owning(result);
    }
  }

  /**
   * What a descriptor is of, in the kernel's words: {@code bpf-map}, {@code bpf-prog}, {@code
   * bpf-link}. A link that was just made says {@code bpf_link}, one opened from a pin {@code
   * bpf-link} (kernel/bpf/syscall.c, bpf_link_prime and bpf_link_new_fd).
   */
  static String kind(Fd fd) {
    Path link = Path.of("/proc/self/fd/" + fd.number());
    try {
      return Files.readSymbolicLink(link).toString().replace("anon_inode:", "").replace('_', '-');
    } catch (IOException e) {
      throw new UncheckedIOException("read link " + link + ": " + e.getMessage(), e);
    }
  }
}
