package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.util.OptionalInt;

/** All maps of the kernel, one id after the other. */
final class MapList {
  private MapList() {}

  /** How many of them are task storage; empty without CAP_SYS_ADMIN. */
  static OptionalInt taskStorageMaps() {
    int count = 0;
    try (Arena arena = Arena.ofConfined()) {
      Attr attr = Attr.zeroed(arena, Uapi.GET_NEXT_ID_SIZE);
      while (true) {
        long result = Syscall.bpf(Uapi.BPF_MAP_GET_NEXT_ID, attr.segment());
        if (result == -Errno.ENOENT.number()) {
          return OptionalInt.of(count);
        }
        if (result == -Errno.EPERM.number()) {
          return OptionalInt.empty();
        }
        check("map list", "of this kernel", result);
        int id = attr.u32(Uapi.GET_NEXT_ID_NEXT_ID);
        count += isTaskStorage(id) ? 1 : 0;
        attr.u32(Uapi.GET_NEXT_ID_START_ID, id).u32(Uapi.GET_NEXT_ID_NEXT_ID, 0);
      }
    }
  }

  private static boolean isTaskStorage(int id) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr = Attr.zeroed(arena, Uapi.GET_FD_BY_ID_SIZE).u32(Uapi.GET_FD_BY_ID_ID, id);
      long result = Syscall.bpf(Uapi.BPF_MAP_GET_FD_BY_ID, attr.segment());
      if (result == -Errno.ENOENT.number()) {
        // Gone since it was listed.
        return false;
      }
      check("map open", "id " + id, result);
      try (Fd map = Fd.owning(result)) {
        return MapCommands.info(map, "id " + id).isTaskStorage();
      }
    }
  }

  private static void check(String operation, String object, long result) {
    if (result < 0) {
      Errno errno = Syscall.errno(result);
      throw new BpfException(operation, object, errno, errno.hint().orElse(null));
    }
  }
}
