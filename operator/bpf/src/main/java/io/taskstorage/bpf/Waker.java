package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Ends the wait of another thread for good, as of {@link RingBuffer#await}: an eventfd(2) that
 * nobody reads. Whoever made it wakes and closes it; closing while somebody waits is an error of
 * the caller.
 */
public final class Waker implements AutoCloseable {
  private final Fd fd;

  private Waker(Fd fd) {
    this.fd = fd;
  }

  /**
   * One that has not woken anybody.
   *
   * @throws BpfException if no descriptor is left
   */
  public static Waker create() {
    long result = Syscall.call(Uapi.SYS_EVENTFD2, 0, Uapi.O_CLOEXEC, 0, 0, 0);
    if (result < 0) {
      throw new BpfException("eventfd", "waker", Syscall.errno(result), null);
    }
    return new Waker(Fd.owning(result));
  }

  /** From now on nobody waits. Any thread. */
  public void wake() {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment one = call.allocate(ValueLayout.JAVA_LONG);
      one.set(ValueLayout.JAVA_LONG, 0, 1);
      long result = Syscall.call(Uapi.SYS_WRITE, fd.number(), one.address(), one.byteSize(), 0, 0);
      if (result < 0) {
        throw new BpfException("write", "eventfd", Syscall.errno(result), null);
      }
    }
  }

  Fd fd() {
    return fd;
  }

  @Override
  public void close() {
    fd.close();
  }
}
