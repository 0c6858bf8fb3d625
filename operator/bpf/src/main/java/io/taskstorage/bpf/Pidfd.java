package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A descriptor of one task, and so the key of its entries. Closing it changes nothing for the task.
 *
 * <p>It means the task that it was opened for, even when that task's number belongs to another one
 * by now. After exec(2) in a thread that is not the leader, a pidfd of the leader means the task
 * that execed, and that thread's own pidfd means nobody (de_thread in fs/exec.c).
 *
 * <p>Confined to the thread that opened it. No privilege is needed, and every task of the caller's
 * pid namespace can be opened, zombies included.
 */
public final class Pidfd implements AutoCloseable {
  private static final int POLLFD_EVENTS = 4;
  private static final int POLLFD_REVENTS = 6;
  private static final int POLLFD_SIZE = 8;
  private static final int TIMESPEC_SIZE = 16;

  private final Thread owner = Thread.currentThread();
  private final Fd fd;
  private final int tid;

  private Pidfd(Fd fd, int tid) {
    this.fd = fd;
    this.tid = tid;
  }

  /**
   * Opens a process, which is the leader of its threads. A thread that leads none is {@link
   * PidfdResult.Refused}.
   *
   * @param pid in the caller's pid namespace
   */
  public static PidfdResult openProcess(int pid) {
    return open("process", pid, 0);
  }

  /**
   * Opens this process.
   *
   * @throws BpfException if the kernel refuses, as where no descriptor is left
   */
  public static Pidfd ofThisProcess() {
    int pid = Math.toIntExact(ProcessHandle.current().pid());
    return switch (openProcess(pid)) {
      case PidfdResult.Opened(Pidfd pidfd) -> pidfd;
      case PidfdResult.Refused(BpfException cause) -> throw cause;
      case PidfdResult.Gone(), PidfdResult.ThreadUnsupported() ->
          throw new IllegalStateException("pidfd open process " + pid + ": it is this one");
    };
  }

  /**
   * Opens one thread, leader or not (PIDFD_THREAD). Before Linux 6.9 only leaders can be opened:
   * they are, and what they stand for is the same; any other thread is {@link
   * PidfdResult.ThreadUnsupported}.
   *
   * @param tid in the caller's pid namespace
   */
  public static PidfdResult openThread(int tid) {
    PidfdResult result = open("thread", tid, Uapi.PIDFD_THREAD);
    if (!(result instanceof PidfdResult.Refused(BpfException cause)
        && cause.errno().equals(Errno.EINVAL))) {
      return result;
    }
    return ThreadFlag.IS_KNOWN ? new PidfdResult.Gone() : openLeader(tid);
  }

  /**
   * Whether this kernel knows PIDFD_THREAD. Then its EINVAL, up to 6.14, means a thread that has
   * just ended and whose number is not free yet (pidfd_prepare in kernel/fork.c).
   */
  private static final class ThreadFlag {
    static final boolean IS_KNOWN = isKnown();

    private static boolean isKnown() {
      int self = Math.toIntExact(ProcessHandle.current().pid());
      PidfdResult result = open("thread", self, Uapi.PIDFD_THREAD);
      if (result instanceof PidfdResult.Opened(Pidfd pidfd)) {
        pidfd.close();
      }
      return !(result instanceof PidfdResult.Refused(BpfException cause)
          && cause.errno().equals(Errno.EINVAL));
    }
  }

  /** For kernels without PIDFD_THREAD. One that has just ended is no leader either. */
  private static PidfdResult openLeader(int tid) {
    PidfdResult leader = openProcess(tid);
    if (!(leader instanceof PidfdResult.Refused(BpfException cause) && isNoLeader(cause.errno()))) {
      return leader;
    }
    return Files.exists(Path.of("/proc", Integer.toString(tid)))
        ? new PidfdResult.ThreadUnsupported()
        : new PidfdResult.Gone();
  }

  private static PidfdResult open(String kind, int tid, int flags) {
    if (tid <= 0) {
      throw new IllegalArgumentException(
          "pidfd open " + kind + " " + tid + ": the number of a task is greater than zero");
    }
    long result = Syscall.call(Uapi.SYS_PIDFD_OPEN, tid, flags, 0, 0, 0);
    if (result >= 0) {
      return new PidfdResult.Opened(new Pidfd(Fd.owning(result), tid));
    }
    Errno errno = Syscall.errno(result);
    return errno.equals(Errno.ESRCH)
        ? new PidfdResult.Gone()
        : new PidfdResult.Refused(
            new BpfException("pidfd open", kind + " " + tid, errno, Hint.pidfdOpen(errno)));
  }

  /** EINVAL up to 6.12, ENOENT in 6.18 (kernel/fork.c, pidfd_prepare). */
  private static boolean isNoLeader(Errno errno) {
    return errno.equals(Errno.EINVAL) || errno.equals(Errno.ENOENT);
  }

  /** The number that it was opened by. */
  public int tid() {
    return tid;
  }

  /**
   * How far the task's life has come, now. A plain pidfd of a process tells of all its threads, one
   * of a single thread only of that one.
   */
  public TaskState state() {
    int events = poll();
    if ((events & Uapi.POLLHUP) != 0) {
      return TaskState.REAPED;
    }
    if ((events & Uapi.POLLIN) == 0) {
      return TaskState.ALIVE;
    }
    // Before 6.9 there is no POLLHUP; a signal that is not sent tells the two ends apart.
    long sent = Syscall.call(Uapi.SYS_PIDFD_SEND_SIGNAL, number(), 0, 0, 0, 0);
    return sent == -Errno.ESRCH.number() ? TaskState.REAPED : TaskState.EXITED;
  }

  private int poll() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pollfd = arena.allocate(POLLFD_SIZE, Long.BYTES);
      pollfd.set(ValueLayout.JAVA_INT, 0, number());
      pollfd.set(ValueLayout.JAVA_SHORT, POLLFD_EVENTS, (short) Uapi.POLLIN);
      MemorySegment atOnce = arena.allocate(TIMESPEC_SIZE, Long.BYTES);
      long result = Syscall.call(Uapi.SYS_PPOLL, pollfd.address(), 1, atOnce.address(), 0, 0);
      if (result < 0) {
        throw new BpfException("poll", toString(), Syscall.errno(result), null);
      }
      return pollfd.get(ValueLayout.JAVA_SHORT, POLLFD_REVENTS);
    }
  }

  /** The descriptor's number: the four bytes of an element's key. */
  int number() {
    if (Thread.currentThread() != owner) {
      throw new WrongThreadException(this + ": belongs to " + owner);
    }
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
