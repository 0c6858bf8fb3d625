package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An exclusive flock(2) on a folder: at most one holder on this kernel, across all containers. The
 * kernel lets go of it when the holder closes it or dies.
 *
 * <p>It works on a bpffs, whose files cannot be opened; its folders can.
 */
public final class DirectoryLock implements AutoCloseable {
  private static final Path LOCKS = Path.of("/proc/locks");
  private static final int PID = 4;
  private static final int FILE = 5;

  private final Fd fd;

  private DirectoryLock(Fd fd) {
    this.fd = fd;
  }

  /**
   * Takes the lock if nobody has it; does not wait.
   *
   * @return empty where somebody has it, this process included
   * @throws BpfException ENOENT or ENOTDIR without the folder, EACCES where it may not be read
   */
  public static Optional<DirectoryLock> tryLock(Path directory) {
    return tryLock(directory, Uapi.LOCK_EX);
  }

  /**
   * Whether somebody has the lock, this process included. For as long as it takes to ask, nobody
   * else gets it; others may ask.
   *
   * @throws BpfException as {@link #tryLock}
   */
  public static boolean isHeld(Path directory) {
    Optional<DirectoryLock> shared = tryLock(directory, Uapi.LOCK_SH);
    shared.ifPresent(DirectoryLock::close);
    return shared.isEmpty();
  }

  private static Optional<DirectoryLock> tryLock(Path directory, int kind) {
    try (Arena arena = Arena.ofConfined()) {
      long path = arena.allocateFrom(directory.toString(), StandardCharsets.UTF_8).address();
      int flags = Uapi.O_DIRECTORY | Uapi.O_CLOEXEC;
      Fd fd =
          Fd.owning(
              check(directory, Syscall.call(Uapi.SYS_OPENAT, Uapi.AT_FDCWD, path, flags, 0, 0)));
      long result = Syscall.call(Uapi.SYS_FLOCK, fd.number(), kind | Uapi.LOCK_NB, 0, 0, 0);
      if (result >= 0) {
        return Optional.of(new DirectoryLock(fd));
      }
      fd.close();
      if (result != -Errno.EAGAIN.number()) {
        check(directory, result);
      }
      return Optional.empty();
    }
  }

  /**
   * The process that took the lock.
   *
   * @return empty where nobody has it, or a process of a pid namespace that this one cannot see
   */
  public static OptionalInt holderPid(Path directory) {
    try {
      long device = (long) Files.getAttribute(directory, "unix:dev");
      long inode = (long) Files.getAttribute(directory, "unix:ino");
      return holderPid(Files.readAllLines(LOCKS), device, inode);
    } catch (IOException e) {
      throw new UncheckedIOException("lock holder " + directory + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads lines of the form {@code 1: FLOCK ADVISORY WRITE pid major:minor:inode 0 EOF}; proc(5).
   *
   * @param device as stat(2) gives it
   */
  static OptionalInt holderPid(List<String> locks, long device, long inode) {
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL);
    long minor = (device & 0xff) | ((device >>> 12) & ~0xffL);
    String file = "%02x:%02x:%d".formatted(major, minor, inode);
    return locks.stream()
        .map(line -> line.split(" +", -1))
        .filter(f -> f.length > FILE && f[1].equals("FLOCK") && f[FILE].equals(file))
        .mapToInt(fields -> Integer.parseInt(fields[PID]))
        .filter(pid -> pid > 0)
        .findFirst();
  }

  private static long check(Path directory, long result) {
    if (result < 0) {
      Errno errno = Syscall.errno(result);
      throw new BpfException("lock", directory.toString(), errno, Hint.file(errno));
    }
    return result;
  }

  /** Lets go. */
  @Override
  public void close() {
    fd.close();
  }
}
