package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.ObjectInfo;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** The bpf(2) commands on links, one method each; descriptors returned belong to the caller. */
final class LinkCommands {
  private static final int NAME_BYTES = 128;

  private LinkCommands() {}

  /** BPF_RAW_TRACEPOINT_OPEN: the tracepoint is the one the program was loaded for. */
  static Fd attachTracepoint(Program program) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.RAW_TRACEPOINT_SIZE)
              .u32(Uapi.RAW_TRACEPOINT_PROG_FD, program.fd().number());
      long result = Syscall.bpf(Uapi.BPF_RAW_TRACEPOINT_OPEN, attr.segment());
      return owning(
          "link attach", program.spec().name(), result, "only tracepoint programs attach so");
    }
  }

  /** BPF_LINK_CREATE for an iterator. */
  static Fd createIterator(Program program, TaskFilter filter) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.LINK_CREATE_SIZE)
              .u32(Uapi.LINK_CREATE_PROG_FD, program.fd().number())
              .u32(Uapi.LINK_CREATE_ATTACH_TYPE, Uapi.BPF_TRACE_ITER);
      MemorySegment info = arena.allocate(ObjectInfo.ITER_LINK_INFO_SIZE, 8);
      switch (filter) {
        case TaskFilter.AllTasks _ -> {}
        case TaskFilter.OneTask(int tid) ->
            filter(attr, info, ObjectInfo.ITER_LINK_INFO_TASK_TID, tid);
        case TaskFilter.ThreadsOf(int pid) ->
            filter(attr, info, ObjectInfo.ITER_LINK_INFO_TASK_PID, pid);
      }
      long result = Syscall.bpf(Uapi.BPF_LINK_CREATE, attr.segment());
      return owning(
          "link create",
          program.spec().name(),
          result,
          "only iterator programs link so, and a task filter needs a living task and Linux 6.1");
    }
  }

  private static void filter(Attr attr, MemorySegment info, int offset, int number) {
    info.set(ValueLayout.JAVA_INT, offset, number);
    attr.pointer(Uapi.LINK_CREATE_ITER_INFO, info)
        .u32(Uapi.LINK_CREATE_ITER_INFO_LEN, ObjectInfo.ITER_LINK_INFO_SIZE);
  }

  /** BPF_ITER_CREATE: a new walk over the objects. */
  static Fd openIterator(Fd link, String object) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.ITER_CREATE_SIZE).u32(Uapi.ITER_CREATE_LINK_FD, link.number());
      long result = Syscall.bpf(Uapi.BPF_ITER_CREATE, attr.segment());
      return owning("iterator open", object, result, "the link is no iterator's");
    }
  }

  static LinkInfo info(Fd fd, String object) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(NAME_BYTES);
      MemorySegment info = arena.allocate(ObjectInfo.LINK_INFO_SIZE, 8);
      // Tracepoint and iterator keep pointer and length of their name in the same place.
      info.set(ValueLayout.JAVA_LONG, ObjectInfo.LINK_INFO_TP_NAME, name.address());
      info.set(ValueLayout.JAVA_INT, ObjectInfo.LINK_INFO_TP_NAME_LEN, NAME_BYTES);
      long result = Syscall.objectInfo(fd, info);
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("link info", object, errno, errno.hint().orElse(null));
      }
      int type = info.get(ValueLayout.JAVA_INT, ObjectInfo.LINK_INFO_TYPE);
      return new LinkInfo(
          type,
          info.get(ValueLayout.JAVA_INT, ObjectInfo.LINK_INFO_ID),
          info.get(ValueLayout.JAVA_INT, ObjectInfo.LINK_INFO_PROG_ID),
          name.getString(0, StandardCharsets.US_ASCII),
          type == ObjectInfo.BPF_LINK_TYPE_ITER ? filterOf(info) : new TaskFilter.AllTasks());
    }
  }

  private static TaskFilter filterOf(MemorySegment info) {
    int tid = info.get(ValueLayout.JAVA_INT, ObjectInfo.LINK_INFO_ITER_TASK_TID);
    int pid = info.get(ValueLayout.JAVA_INT, ObjectInfo.LINK_INFO_ITER_TASK_PID);
    if (tid != 0) {
      return new TaskFilter.OneTask(tid);
    }
    return pid != 0 ? new TaskFilter.ThreadsOf(pid) : new TaskFilter.AllTasks();
  }

  private static Fd owning(String operation, String object, long result, String invalid) {
    if (result < 0) {
      Errno errno = Syscall.errno(result);
      throw new BpfException(operation, object, errno, Hint.invalid(errno, invalid));
    }
    return Fd.owning(result);
  }
}
