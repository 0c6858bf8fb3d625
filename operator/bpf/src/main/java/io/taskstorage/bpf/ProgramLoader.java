package io.taskstorage.bpf;

import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.ObjectInfo;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * BPF_PROG_LOAD. A program is loaded without a log first; only a refused one is verified again for
 * its log, since writing it makes the verifier much slower.
 */
final class ProgramLoader {

  /** The kernel answers EAGAIN when a signal came in while it verified. */
  private static final int ATTEMPTS = 16;

  private static final int FIRST_LOG_BYTES = 1 << 16;
  private static final int LARGEST_LOG_BYTES = 1 << 26;

  /** log_level: nothing, the path that failed, every instruction looked at. */
  private static final int NO_LOG = 0;

  private static final int LOG_FAILURE = 1;
  private static final int LOG_ALL = 2;

  private final ProgramSpec spec;
  private final byte[] insns;
  private final int attachTypeId;

  /** What one PROG_LOAD came to: a descriptor or a negative errno, and the log. */
  private record Attempt(long result, String log) {}

  /** A loaded program, and the log if it was asked for. */
  record Loaded(Fd fd, String log) {}

  ProgramLoader(ProgramSpec spec, Map<String, ? extends KernelMap> maps) {
    Code code = spec.code();
    this.spec = spec;
    this.insns = code.bytes(name -> descriptor(spec, maps, name), name -> kfuncId(spec, name));
    this.attachTypeId = attachTypeId(spec);
  }

  Loaded load() {
    Attempt attempt = attempt(NO_LOG, 0);
    if (attempt.result() < 0) {
      attempt = logged(LOG_FAILURE);
    }
    return loaded(attempt);
  }

  Loaded loadWithLog() {
    return loaded(logged(LOG_ALL));
  }

  private Loaded loaded(Attempt attempt) {
    if (attempt.result() >= 0) {
      return new Loaded(Fd.owning(attempt.result()), attempt.log());
    }
    Errno errno = Syscall.errno(attempt.result());
    if (attempt.log().isBlank()) {
      throw new BpfException(
          "program load", spec.name(), errno, Hint.programLoad(errno, spec.type()));
    }
    throw new VerifierException(spec, errno, attempt.log());
  }

  /** ENOSPC says that the log did not fit, whatever the verdict was. */
  private Attempt logged(int level) {
    int bytes = FIRST_LOG_BYTES;
    Attempt attempt = attempt(level, bytes);
    while (attempt.result() == -Errno.ENOSPC.number() && bytes < LARGEST_LOG_BYTES) {
      bytes *= 4;
      attempt = attempt(level, bytes);
    }
    return attempt;
  }

  private Attempt attempt(int level, int logBytes) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr = attr(arena);
      MemorySegment log = MemorySegment.NULL;
      if (level != NO_LOG) {
        log = arena.allocate(logBytes);
        attr.u32(Uapi.PROG_LOAD_LOG_LEVEL, level)
            .u32(Uapi.PROG_LOAD_LOG_SIZE, logBytes)
            .pointer(Uapi.PROG_LOAD_LOG_BUF, log);
      }
      long result = Syscall.bpf(Uapi.BPF_PROG_LOAD, attr.segment());
      for (int i = 1; result == -Errno.EAGAIN.number() && i < ATTEMPTS; i++) {
        result = Syscall.bpf(Uapi.BPF_PROG_LOAD, attr.segment());
      }
      String text = level == NO_LOG ? "" : log.getString(0, StandardCharsets.UTF_8);
      return new Attempt(result, text);
    }
  }

  private Attr attr(Arena arena) {
    return Attr.zeroed(arena, Uapi.PROG_LOAD_SIZE)
        .u32(Uapi.PROG_LOAD_PROG_TYPE, programType(spec.type()))
        .u32(Uapi.PROG_LOAD_INSN_CNT, spec.code().slots())
        .bytes(Uapi.PROG_LOAD_INSNS, insns)
        .string(Uapi.PROG_LOAD_LICENSE, spec.license())
        .u32(Uapi.PROG_LOAD_PROG_FLAGS, sleepable(spec.type()) ? ObjectInfo.BPF_F_SLEEPABLE : 0)
        .name(Uapi.PROG_LOAD_PROG_NAME, Uapi.BPF_OBJ_NAME_LEN, spec.name())
        .u32(Uapi.PROG_LOAD_EXPECTED_ATTACH_TYPE, attachType(spec.type()))
        .u32(Uapi.PROG_LOAD_ATTACH_BTF_ID, attachTypeId);
  }

  private static int programType(ProgramType type) {
    return switch (type) {
      case ProgramType.Iterator _, ProgramType.Tracepoint _ -> Uapi.BPF_PROG_TYPE_TRACING;
      case ProgramType.Syscall _ -> Uapi.BPF_PROG_TYPE_SYSCALL;
      case ProgramType.SocketFilter _ -> Uapi.BPF_PROG_TYPE_SOCKET_FILTER;
    };
  }

  private static int attachType(ProgramType type) {
    return switch (type) {
      case ProgramType.Iterator _ -> Uapi.BPF_TRACE_ITER;
      case ProgramType.Tracepoint _ -> Uapi.BPF_TRACE_RAW_TP;
      case ProgramType.Syscall _, ProgramType.SocketFilter _ -> 0;
    };
  }

  private static boolean sleepable(ProgramType type) {
    return switch (type) {
      case ProgramType.Iterator(_, boolean sleepable) -> sleepable;
      case ProgramType.Syscall _ -> true;
      case ProgramType.Tracepoint _, ProgramType.SocketFilter _ -> false;
    };
  }

  private static int attachTypeId(ProgramSpec spec) {
    return switch (spec.type()) {
      case ProgramType.Iterator(String target, _) ->
          typeId(spec, "bpf_iter_" + target, BtfKind.FUNC, "this kernel has no such iterator");
      case ProgramType.Tracepoint(String name) ->
          typeId(spec, "btf_trace_" + name, BtfKind.TYPEDEF, "this kernel has no such tracepoint");
      case ProgramType.Syscall _, ProgramType.SocketFilter _ -> 0;
    };
  }

  private static int kfuncId(ProgramSpec spec, String function) {
    return typeId(spec, function, BtfKind.FUNC, "this kernel has no such function");
  }

  private static int typeId(ProgramSpec spec, String name, BtfKind kind, String missing) {
    return KernelBtf.vmlinux()
        .typeId(name, kind)
        .orElseThrow(
            () ->
                new BpfException(
                    "program load",
                    spec.name() + " with " + name,
                    Errno.ENOENT,
                    missing + ": use the plane rescan, and report the kernel"));
  }

  private static int descriptor(
      ProgramSpec spec, Map<String, ? extends KernelMap> maps, String name) {
    KernelMap map = maps.get(name);
    if (map == null) {
      throw new IllegalArgumentException(
          "program load " + spec.name() + ": map " + name + ": not among the maps given: add it");
    }
    return KernelMap.descriptorOf(map).number();
  }
}
