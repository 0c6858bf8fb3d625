package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Syscall;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;

/**
 * A kernel error number with its name and one-line meaning.
 *
 * <p>The numbers are those of the generic Linux ABI, the same on x86_64 and arm64. {@link
 * #ENOTSUPP} is internal to the kernel and unknown to libc, yet bpf(2) returns it to user space.
 *
 * @param number the error number, greater than zero
 */
public record Errno(int number) implements Serializable {
  public static final Errno EPERM = new Errno(1);
  public static final Errno ENOENT = new Errno(2);
  public static final Errno ESRCH = new Errno(3);
  public static final Errno EINTR = new Errno(4);
  public static final Errno EIO = new Errno(5);
  public static final Errno E2BIG = new Errno(7);
  public static final Errno EBADF = new Errno(9);
  public static final Errno EAGAIN = new Errno(11);
  public static final Errno ENOMEM = new Errno(12);
  public static final Errno EACCES = new Errno(13);
  public static final Errno EFAULT = new Errno(14);
  public static final Errno EBUSY = new Errno(16);
  public static final Errno EEXIST = new Errno(17);
  public static final Errno ENODEV = new Errno(19);
  public static final Errno ENOTDIR = new Errno(20);
  public static final Errno EISDIR = new Errno(21);
  public static final Errno EINVAL = new Errno(22);
  public static final Errno ENFILE = new Errno(23);
  public static final Errno EMFILE = new Errno(24);
  public static final Errno ENOSPC = new Errno(28);
  public static final Errno EROFS = new Errno(30);
  public static final Errno ERANGE = new Errno(34);
  public static final Errno EDEADLK = new Errno(35);
  public static final Errno ENAMETOOLONG = new Errno(36);
  public static final Errno ENOSYS = new Errno(38);
  public static final Errno ELOOP = new Errno(40);
  public static final Errno EOPNOTSUPP = new Errno(95);
  public static final Errno ETIMEDOUT = new Errno(110);

  /** Kernel-internal "operation not supported" (include/linux/errno.h); no libc knows it. */
  public static final Errno ENOTSUPP = new Errno(524);

  private record Text(String name, String meaning) {}

  private static final Map<Integer, Text> TEXTS =
      Map.ofEntries(
          text(1, "EPERM", "operation not permitted"),
          text(2, "ENOENT", "no such file or entry"),
          text(3, "ESRCH", "no such process"),
          text(4, "EINTR", "interrupted system call"),
          text(5, "EIO", "input/output error"),
          text(7, "E2BIG", "argument too large"),
          text(9, "EBADF", "bad file descriptor"),
          text(11, "EAGAIN", "try again"),
          text(12, "ENOMEM", "out of memory"),
          text(13, "EACCES", "permission denied"),
          text(14, "EFAULT", "bad address"),
          text(16, "EBUSY", "busy"),
          text(17, "EEXIST", "exists already"),
          text(19, "ENODEV", "no such device"),
          text(20, "ENOTDIR", "not a directory"),
          text(21, "EISDIR", "is a directory"),
          text(22, "EINVAL", "invalid argument"),
          text(23, "ENFILE", "too many open files in the system"),
          text(24, "EMFILE", "too many open files in this process"),
          text(28, "ENOSPC", "no space left"),
          text(30, "EROFS", "read-only file system"),
          text(34, "ERANGE", "out of range"),
          text(35, "EDEADLK", "deadlock detected"),
          text(36, "ENAMETOOLONG", "name too long"),
          text(38, "ENOSYS", "system call not implemented"),
          text(40, "ELOOP", "too many symbolic links"),
          text(95, "EOPNOTSUPP", "operation not supported"),
          text(110, "ETIMEDOUT", "timed out"),
          text(524, "ENOTSUPP", "not supported by this kind of object"));

  /** Refuses what is no error. */
  public Errno {
    if (number <= 0) {
      throw new IllegalArgumentException("errno " + number + ": must be greater than zero");
    }
  }

  private static Map.Entry<Integer, Text> text(int number, String name, String meaning) {
    return Map.entry(number, new Text(name, meaning));
  }

  /** The kernel's name, or {@code errno N} for a number not named here. */
  public String name() {
    Text text = TEXTS.get(number);
    return text == null ? "errno " + number : text.name();
  }

  /** What the number means, in lower case. */
  public String meaning() {
    Text text = TEXTS.get(number);
    return text == null ? "unknown error" : text.meaning();
  }

  /**
   * What libc calls it in the language of this process, and so what Java says in a {@link
   * java.nio.file.FileSystemException}, which keeps the text alone.
   */
  public String systemText() {
    return Syscall.errorText(number);
  }

  /** How to mend a cause that is the same for every operation. */
  public Optional<String> hint() {
    return Optional.ofNullable(
        switch (number) {
          case 12 -> "the memory cgroup of this process is full: raise its limit";
          case 23 -> "the system has too many open files: raise fs.file-max";
          case 24 -> "this process has too many open files: raise RLIMIT_NOFILE (ulimit -n)";
          case 38 -> "the kernel has no such system call: Linux 5.11 or newer is needed";
          case 524 -> "maps of this type do not have this operation";
          default -> null;
        });
  }

  @Override
  public String toString() {
    return name() + " (" + meaning() + ")";
  }
}
