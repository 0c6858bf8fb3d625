package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * Waits for runs of programs. The kernel lets an update of a map of maps return only when no
 * program can see the old map any more, which is a grace period of RCU, some 8 to 16 ms
 * (kernel/bpf/syscall.c, maybe_wait_bpf_programs). Any thread may wait; whoever made it closes it,
 * when nobody waits.
 */
public final class ProgramFence implements AutoCloseable {
  private static final String NAME = "ts_fence";

  private final PlainMap inner;
  private final Fd outer;

  private ProgramFence(PlainMap inner, Fd outer) {
    this.inner = inner;
    this.outer = outer;
  }

  /**
   * One that nothing else uses.
   *
   * @throws BpfException EPERM without CAP_BPF
   */
  public static ProgramFence create() {
    PlainMap inner = PlainMap.array(NAME, Integer.BYTES, 1);
    try {
      return new ProgramFence(inner, MapCommands.createArrayOfMaps(NAME, inner.fd(), 1));
    } catch (RuntimeException e) {
      inner.close();
      throw e;
    }
  }

  /** Returns when every run that had begun, of a program that may not sleep, has ended. */
  public void await() {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.ELEM_SIZE)
              .u32(Uapi.ELEM_MAP_FD, outer.number())
              .pointer(Uapi.ELEM_KEY, arena.allocate(Integer.BYTES, Integer.BYTES))
              .pointer(
                  Uapi.ELEM_VALUE, arena.allocateFrom(ValueLayout.JAVA_INT, inner.fd().number()));
      long result = Syscall.bpf(Uapi.BPF_MAP_UPDATE_ELEM, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("map update", NAME, errno, errno.hint().orElse(null));
      }
    }
  }

  @Override
  public void close() {
    outer.close();
    inner.close();
  }
}
