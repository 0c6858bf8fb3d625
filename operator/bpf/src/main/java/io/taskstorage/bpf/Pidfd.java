package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor of one task: the key of a task storage map in user space.
 *
 * <p>It names the task it was opened for even when the number is used again by another task. Owned
 * by the thread that opened it; closing it says nothing to the task.
 */
public final class Pidfd implements AutoCloseable {
  private final Fd fd;
  private final int tid;

  private Pidfd(Fd fd, int tid) {
    this.fd = fd;
    this.tid = tid;
  }

  /**
   * Opens a thread-group leader, zombies included.
   *
   * @param pid in the caller's pid namespace
   */
  public static PidfdResult openProcess(int pid) {
    return open(pid, 0);
  }

  /**
   * Opens one thread, leader or not. Kernels before 6.9 know no PIDFD_THREAD: there a leader is
   * opened all the same, any other thread is {@link PidfdResult.ThreadUnsupported}.
   */
  public static PidfdResult openThread(int tid) {
    PidfdResult result = open(tid, Uapi.PIDFD_THREAD);
    if (result instanceof PidfdResult.ThreadUnsupported) {
      return open(tid, 0);
    }
    return result;
  }

  private static PidfdResult open(int tid, int flags) {
    long result = Syscall.call(Uapi.SYS_PIDFD_OPEN, tid, flags, 0, 0, 0);
    if (result >= 0) {
      return new PidfdResult.Opened(new Pidfd(Fd.owning(result), tid));
    }
    Errno errno = Syscall.errno(result);
    if (errno.equals(Errno.ESRCH)) {
      return new PidfdResult.Gone();
    }
    // The flag is unknown before 6.9 (EINVAL). Without it a thread that leads no group is EINVAL
    // up to 6.17 and ENOENT from 6.18 on (kernel/fork.c, pidfd_prepare).
    if (tid > 0 && (errno.equals(Errno.EINVAL) || errno.equals(Errno.ENOENT))) {
      return new PidfdResult.ThreadUnsupported();
    }
    return new PidfdResult.Refused(
        new BpfException("pidfd open", "task " + tid, errno, hint(errno)));
  }

  private static @Nullable String hint(Errno errno) {
    if (errno.equals(Errno.EMFILE)) {
      return "raise the limit of open files (ulimit -n, LimitNOFILE=)";
    }
    if (errno.equals(Errno.ENFILE)) {
      return "raise fs.file-max";
    }
    if (errno.equals(Errno.EINVAL)) {
      return "a task's number is greater than zero";
    }
    return errno.equals(Errno.ENOSYS) ? "pidfd_open(2) needs Linux 5.3 or newer" : null;
  }

  /** The number it was opened by; after the task's end it may name another task. */
  public int tid() {
    return tid;
  }

  /** Asks the kernel how far the task has come. */
  public TaskState state() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pollfd = arena.allocate(8, 8);
      pollfd.set(ValueLayout.JAVA_INT, 0, fd.number());
      pollfd.set(ValueLayout.JAVA_SHORT, 4, (short) Uapi.POLLIN);
      MemorySegment now = arena.allocate(16, 8);
      long ready = Syscall.call(Uapi.SYS_PPOLL, pollfd.address(), 1, now.address(), 0, 0);
      if (ready < 0) {
        throw new BpfException("poll", "pidfd of task " + tid, Syscall.errno(ready), null);
      }
      int events = pollfd.get(ValueLayout.JAVA_SHORT, 6);
      if ((events & Uapi.POLLHUP) != 0) {
        return TaskState.REAPED;
      }
      if ((events & Uapi.POLLIN) == 0) {
        return TaskState.ALIVE;
      }
    }
    // Kernels that do not report POLLHUP tell the two apart by a signal that is not sent.
    long sent = Syscall.call(Uapi.SYS_PIDFD_SEND_SIGNAL, fd.number(), 0, 0, 0, 0);
    return sent == -Errno.ESRCH.number() ? TaskState.REAPED : TaskState.EXITED;
  }

  /** The descriptor's number, the four bytes of the map's key. */
  int key() {
    return fd.number();
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return "pidfd of task " + tid;
  }
}
