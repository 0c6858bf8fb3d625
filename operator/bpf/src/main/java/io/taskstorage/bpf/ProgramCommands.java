package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.ObjectInfo;
import io.taskstorage.bpf.sys.Syscall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The bpf(2) commands on programs that were loaded by whomever. */
final class ProgramCommands {
  /** As many maps as any program of ours uses, and more. */
  private static final int MAP_IDS = 64;

  private ProgramCommands() {}

  /** BPF_OBJ_GET_INFO_BY_FD. */
  static ProgramInfo info(Fd fd, String object) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ids = arena.allocate(ValueLayout.JAVA_INT, MAP_IDS);
      MemorySegment info = arena.allocate(ObjectInfo.PROG_INFO_SIZE, 8);
      info.set(ValueLayout.JAVA_INT, ObjectInfo.PROG_INFO_NR_MAP_IDS, MAP_IDS);
      info.set(ValueLayout.JAVA_LONG, ObjectInfo.PROG_INFO_MAP_IDS, ids.address());
      long result = Syscall.objectInfo(fd, info);
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException(
            "program info", object, errno, Hint.invalid(errno, "it is no program"));
      }
      int maps = info.get(ValueLayout.JAVA_INT, ObjectInfo.PROG_INFO_NR_MAP_IDS);
      byte[] tag =
          info.asSlice(ObjectInfo.PROG_INFO_TAG, ObjectInfo.TAG_BYTES)
              .toArray(ValueLayout.JAVA_BYTE);
      List<Integer> mapIds =
          Arrays.stream(ids.toArray(ValueLayout.JAVA_INT)).limit(maps).boxed().toList();
      return new ProgramInfo(
          info.get(ValueLayout.JAVA_INT, ObjectInfo.PROG_INFO_TYPE),
          info.get(ValueLayout.JAVA_INT, ObjectInfo.PROG_INFO_ID),
          HexFormat.of().formatHex(tag),
          info.getString(ObjectInfo.PROG_INFO_NAME, StandardCharsets.US_ASCII),
          mapIds,
          info.get(ValueLayout.JAVA_INT, ObjectInfo.PROG_INFO_ATTACH_BTF_ID),
          info.get(ValueLayout.JAVA_LONG, ObjectInfo.PROG_INFO_RUN_CNT),
          info.get(ValueLayout.JAVA_LONG, ObjectInfo.PROG_INFO_RUN_TIME_NS),
          info.get(ValueLayout.JAVA_LONG, ObjectInfo.PROG_INFO_RECURSION_MISSES));
    }
  }
}
