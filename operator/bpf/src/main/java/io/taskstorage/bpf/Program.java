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
import java.util.Map;

/**
 * A program in the kernel. Closing it releases the descriptor; the program lives on while a link
 * refers to it, and keeps the maps it was loaded with. Owned by the thread that loaded it.
 */
public final class Program implements AutoCloseable {
  private final ProgramSpec spec;
  private final Fd fd;
  private final String log;

  private Program(ProgramSpec spec, ProgramLoader.Loaded loaded) {
    this.spec = spec;
    this.fd = loaded.fd();
    this.log = loaded.log();
  }

  /**
   * BPF_PROG_LOAD.
   *
   * @param maps the maps that the code names; more are ignored
   * @throws VerifierException the verifier refused the instructions
   * @throws BpfException EPERM without the capabilities or where such programs are locked out;
   *     ENOENT when this kernel lacks the tracepoint, iterator or kernel function
   * @throws IllegalArgumentException a map is not given
   */
  public static Program load(ProgramSpec spec, Map<String, ? extends KernelMap> maps) {
    return new Program(spec, new ProgramLoader(spec, maps).load());
  }

  /** As {@link #load}, with the verifier's log of every instruction it looked at: much slower. */
  public static Program loadWithLog(ProgramSpec spec, Map<String, ? extends KernelMap> maps) {
    return new Program(spec, new ProgramLoader(spec, maps).loadWithLog());
  }

  /** What was loaded. */
  public ProgramSpec spec() {
    return spec;
  }

  /** The verifier's log, empty unless asked for. */
  public String log() {
    return log;
  }

  /** BPF_OBJ_GET_INFO_BY_FD: what the kernel says now. */
  public ProgramInfo info() {
    return ProgramCommands.info(fd, spec.name());
  }

  /** BPF_OBJ_PIN. The pin belongs to whoever unpins it. */
  public void pin(Path path) {
    MapCommands.pin(fd, path);
  }

  /**
   * What one run returned.
   *
   * @param value what the program left in R0
   * @param context the context as the program left it, in the machine's byte order
   */
  public record Run(int value, ByteBuffer context) {}

  /**
   * BPF_PROG_RUN of a {@link ProgramType.Syscall}: runs it once, now, on this thread.
   *
   * @param context what the program finds behind R1, at most 65535 bytes; it may write there
   */
  public Run run(byte[] context) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, context.length), 8);
      MemorySegment.copy(context, 0, memory, ValueLayout.JAVA_BYTE, 0, context.length);
      Attr attr = Attr.zeroed(arena, Uapi.PROG_RUN_SIZE).u32(Uapi.PROG_RUN_PROG_FD, fd.number());
      if (context.length > 0) {
        attr.u32(Uapi.PROG_RUN_CTX_SIZE_IN, context.length).pointer(Uapi.PROG_RUN_CTX_IN, memory);
      }
      check(
          "program run",
          Syscall.bpf(Uapi.BPF_PROG_RUN, attr.segment()),
          "only syscall programs run this way, with a context of at least the bytes they use");
      byte[] after = memory.asSlice(0, context.length).toArray(ValueLayout.JAVA_BYTE);
      return new Run(
          attr.u32(Uapi.PROG_RUN_RETVAL), ByteBuffer.wrap(after).order(ByteOrder.nativeOrder()));
    }
  }

  Fd fd() {
    return fd;
  }

  private void check(String operation, long result, String invalid) {
    if (result < 0) {
      Errno errno = Syscall.errno(result);
      throw new BpfException(operation, spec.name(), errno, Hint.invalid(errno, invalid));
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
