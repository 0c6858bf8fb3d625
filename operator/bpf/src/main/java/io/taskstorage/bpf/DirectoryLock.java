package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An exclusive flock(2) on a directory. The kernel lets it go when the descriptor is closed, at the
 * latest with the process, so a dead holder never keeps it.
 */
public final class DirectoryLock implements AutoCloseable {
  private final Fd fd;

  private DirectoryLock(Fd fd) {
    this.fd = fd;
  }

  /** Takes the lock without waiting; empty when another descriptor holds it. */
  public static Optional<DirectoryLock> tryLock(Path directory) {
    Fd fd = open(directory);
    long result = Syscall.call(Uapi.SYS_FLOCK, fd.number(), Uapi.LOCK_EX | Uapi.LOCK_NB, 0, 0, 0);
    if (result >= 0) {
      return Optional.of(new DirectoryLock(fd));
    }
    fd.close();
    if (result == -Errno.EAGAIN.number()) {
      return Optional.empty();
    }
    throw new BpfException("lock", directory.toString(), Syscall.errno(result), null);
  }

  /**
   * Who holds the lock, from /proc/locks. Empty when nobody does, or the holder is not in this pid
   * namespace.
   */
  public static OptionalInt holderPid(Path directory) {
    try {
      Object inode = Files.getAttribute(directory, "unix:ino");
      long device = (long) Files.getAttribute(directory, "unix:dev");
      String file = String.format("%02x:%02x:%s", major(device), minor(device), inode);
      for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
        String[] words = line.trim().split("\\s+", -1);
        // "1: FLOCK ADVISORY WRITE pid major:minor:inode begin end"; "->" marks one that waits.
        if (words.length > 5 && words[1].equals("FLOCK") && words[5].equals(file)) {
          int pid = Integer.parseInt(words[4]);
          return pid > 0 ? OptionalInt.of(pid) : OptionalInt.empty();
        }
      }
      return OptionalInt.empty();
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  /** The kernel's new_decode_dev: 12 bits of major inside the 20 bits of minor. */
  private static long major(long device) {
    return (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
  }

  private static long minor(long device) {
    return (device & 0xff) | (device >>> 12 & ~0xffL);
  }

  private static Fd open(Path directory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(directory.toString(), StandardCharsets.UTF_8);
      long result =
          Syscall.call(
              Uapi.SYS_OPENAT,
              Uapi.AT_FDCWD,
              path.address(),
              Uapi.O_DIRECTORY | Uapi.O_CLOEXEC,
              0,
              0);
      if (result < 0) {
        throw new BpfException("open", directory.toString(), Syscall.errno(result), null);
      }
      return Fd.owning(result);
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
