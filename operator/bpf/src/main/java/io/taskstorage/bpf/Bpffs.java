package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The BPF file system: where it is, and whether a path lies on one. */
public final class Bpffs {
  private static final int STATFS_BYTES = 120;
  private static final int MNT_DETACH = 2;

  private Bpffs() {}

  /** Whether the path exists and lies on a bpffs (statfs(2), BPF_FS_MAGIC). */
  public static boolean isBpffs(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
      MemorySegment statfs = arena.allocate(STATFS_BYTES, 8);
      long result = Syscall.call(Uapi.SYS_STATFS, name.address(), statfs.address(), 0, 0, 0);
      return result >= 0 && statfs.get(ValueLayout.JAVA_LONG, 0) == Uapi.BPF_FS_MAGIC;
    }
  }

  /** The first bpffs of this mount namespace, from /proc/self/mountinfo. */
  public static Optional<Path> mountPoint() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
          .filter(line -> line.contains(" - bpf "))
          .map(line -> Path.of(unescape(line.split(" ", -1)[4])))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("read /proc/self/mountinfo: " + e.getMessage(), e);
    }
  }

  /** Mounts a new bpffs on an empty directory; needs CAP_SYS_ADMIN. */
  public static void mount(Path directory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment type = arena.allocateFrom("bpf");
      MemorySegment target = arena.allocateFrom(directory.toString(), StandardCharsets.UTF_8);
      long result =
          Syscall.call(Uapi.SYS_MOUNT, type.address(), target.address(), type.address(), 0, 0);
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        String hint = errno.equals(Errno.EPERM) ? "CAP_SYS_ADMIN is missing" : null;
        throw new BpfException("mount bpffs", directory.toString(), errno, hint);
      }
    }
  }

  /** Unmounts it; objects pinned only there go with it. */
  public static void unmount(Path directory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocateFrom(directory.toString(), StandardCharsets.UTF_8);
      long result = Syscall.call(Uapi.SYS_UMOUNT2, target.address(), 0, 0, 0, 0);
      if (result == -Errno.EBUSY.number()) {
        result = Syscall.call(Uapi.SYS_UMOUNT2, target.address(), MNT_DETACH, 0, 0, 0);
      }
      if (result < 0) {
        throw new BpfException("unmount bpffs", directory.toString(), Syscall.errno(result), null);
      }
    }
  }

  private static String unescape(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
