package io.taskstorage.bpf;

import io.taskstorage.bpf.btf.Btf;
import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The bpf(2) commands on maps, one method each; descriptors returned belong to the caller. */
final class MapCommands {
  private MapCommands() {}

  static Fd create(MapSpec spec) {
    try (Arena arena = Arena.ofConfined();
        Btf btf = Btf.load(spec.btf(), spec.name())) {
      Attr attr =
          Attr.zeroed(arena, Uapi.MAP_CREATE_SIZE)
              .u32(Uapi.MAP_CREATE_MAP_TYPE, spec.mapType())
              .u32(Uapi.MAP_CREATE_KEY_SIZE, spec.keySize())
              .u32(Uapi.MAP_CREATE_VALUE_SIZE, spec.valueSize())
              .u32(Uapi.MAP_CREATE_MAX_ENTRIES, spec.maxEntries())
              .u32(Uapi.MAP_CREATE_MAP_FLAGS, spec.mapFlags())
              .name(Uapi.MAP_CREATE_MAP_NAME, Uapi.BPF_OBJ_NAME_LEN, spec.name())
              .u32(Uapi.MAP_CREATE_BTF_FD, btf.fd().number())
              .u32(Uapi.MAP_CREATE_BTF_KEY_TYPE_ID, spec.btfKeyTypeId())
              .u32(Uapi.MAP_CREATE_BTF_VALUE_TYPE_ID, spec.btfValueTypeId());
      long result = Syscall.bpf(Uapi.BPF_MAP_CREATE, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("map create", spec.name(), errno, createHint(errno, spec));
      }
      return Fd.owning(result);
    }
  }

  /** A map that needs neither BTF nor flags. */
  static Fd createPlain(int type, String name, int keyBytes, int valueBytes, int maxEntries) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.MAP_CREATE_SIZE)
              .u32(Uapi.MAP_CREATE_MAP_TYPE, type)
              .u32(Uapi.MAP_CREATE_KEY_SIZE, keyBytes)
              .u32(Uapi.MAP_CREATE_VALUE_SIZE, valueBytes)
              .u32(Uapi.MAP_CREATE_MAX_ENTRIES, maxEntries)
              .name(Uapi.MAP_CREATE_MAP_NAME, Uapi.BPF_OBJ_NAME_LEN, name);
      long result = Syscall.bpf(Uapi.BPF_MAP_CREATE, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("map create", name, errno, plainHint(errno));
      }
      return Fd.owning(result);
    }
  }

  static @Nullable String plainHint(Errno errno) {
    if (errno.equals(Errno.EPERM)) {
      return "CAP_BPF is missing: run as root or grant CAP_BPF";
    }
    return errno.equals(Errno.EINVAL)
        ? "sizes are greater than zero; a ring buffer's is a power of two and at least a page"
        : null;
  }

  private static @Nullable String createHint(Errno errno, MapSpec spec) {
    if (errno.equals(Errno.EPERM)) {
      return "CAP_BPF is missing: run as root or grant CAP_BPF";
    }
    if (errno.equals(Errno.E2BIG)) {
      return "a value of " + spec.valueSize() + " bytes is too large: 65407 is the kernel's limit";
    }
    if (errno.equals(Errno.EINVAL)) {
      return "the kernel refuses these attributes, or has no task storage (Linux 5.11 and newer"
          + " have)";
    }
    if (errno.equals(Errno.EMFILE)) {
      return "raise the limit of open files (ulimit -n, LimitNOFILE=)";
    }
    return errno.equals(Errno.ENOMEM) ? "the memory cgroup of this process is full" : null;
  }

  static Fd open(Path pin, Access access) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.OBJ_SIZE)
              .string(Uapi.OBJ_PATHNAME, pin.toString())
              .u32(Uapi.OBJ_FILE_FLAGS, access.fileFlags());
      long result = Syscall.bpf(Uapi.BPF_OBJ_GET, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("pin open", pin.toString(), errno, openHint(errno));
      }
      return Fd.owning(result);
    }
  }

  private static @Nullable String openHint(Errno errno) {
    if (errno.equals(Errno.ENOENT)) {
      return "nothing is pinned there";
    }
    return errno.equals(Errno.EACCES)
        ? "it is not a pin, or its mode does not let this user in"
        : null;
  }

  static void pin(Fd fd, Path path) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.OBJ_SIZE)
              .string(Uapi.OBJ_PATHNAME, path.toString())
              .u32(Uapi.OBJ_BPF_FD, fd.number());
      long result = Syscall.bpf(Uapi.BPF_OBJ_PIN, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("pin", path.toString(), errno, pinHint(errno, path));
      }
    }
  }

  private static @Nullable String pinHint(Errno errno, Path path) {
    if (errno.equals(Errno.EPERM)) {
      return path.toString().contains(".")
          ? "bpffs takes no dot in a name, and only bpffs takes pins"
          : "only bpffs takes pins: mount -t bpf bpf /sys/fs/bpf";
    }
    if (errno.equals(Errno.ENOENT)) {
      return "its directory does not exist";
    }
    return errno.equals(Errno.EEXIST) ? "something is there already" : null;
  }

  static void freeze(Fd fd, String name) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr = Attr.zeroed(arena, 4).u32(Uapi.ELEM_MAP_FD, fd.number());
      long result = Syscall.bpf(Uapi.BPF_MAP_FREEZE, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException(
            "map freeze", name, errno, errno.equals(Errno.EPERM) ? "it is frozen already" : null);
      }
    }
  }

  static MapInfo info(Fd fd, String object) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(Uapi.MAP_INFO_SIZE, 8);
      Attr attr =
          Attr.zeroed(arena, Uapi.INFO_SIZE)
              .u32(Uapi.INFO_BPF_FD, fd.number())
              .u32(Uapi.INFO_LEN, Uapi.MAP_INFO_SIZE)
              .pointer(Uapi.INFO_INFO, info);
      long result = Syscall.bpf(Uapi.BPF_OBJ_GET_INFO_BY_FD, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("map info", object, errno, null);
      }
      return new MapInfo(
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_TYPE),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_ID),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_KEY_SIZE),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_VALUE_SIZE),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_MAX_ENTRIES),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_MAP_FLAGS),
          BpfMap.name(info, Uapi.MAP_INFO_NAME),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_BTF_ID),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_BTF_KEY_TYPE_ID),
          info.get(ValueLayout.JAVA_INT, Uapi.MAP_INFO_BTF_VALUE_TYPE_ID));
    }
  }
}
