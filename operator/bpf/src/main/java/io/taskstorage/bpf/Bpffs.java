package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file system in which maps are pinned. Its folders, links and modes are those of any file
 * system, and {@code java.nio.file} handles them; what is special is here.
 */
public final class Bpffs {
  /** Where every distribution mounts it. */
  public static final Path USUAL_MOUNT_POINT = Path.of("/sys/fs/bpf");

  private static final String TYPE = "bpf";
  private static final int STATFS_SIZE = 120;

  private Bpffs() {}

  /** Whether the path, which may be a folder or a pin, exists and lies on a bpffs. */
  public static boolean isBpffs(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statfs = arena.allocate(STATFS_SIZE, Long.BYTES);
      long result =
          Syscall.call(Uapi.SYS_STATFS, string(arena, path).address(), statfs.address(), 0, 0, 0);
      // f_type comes first, and has the size of a machine word.
      return result >= 0 && statfs.get(ValueLayout.JAVA_LONG, 0) == Uapi.BPF_FS_MAGIC;
    }
  }

  /** Where a bpffs is mounted: at the usual place, else at the first other one. */
  public static Optional<Path> mountPoint() {
    List<Path> found = MountTable.mountPoints(TYPE);
    return found.contains(USUAL_MOUNT_POINT)
        ? Optional.of(USUAL_MOUNT_POINT)
        : found.stream().findFirst();
  }

  /**
   * Removes a pin; the object goes when nothing else holds it.
   *
   * @throws BpfException ENOENT where there is none, EPERM where the path is not on a bpffs (a file
   *     elsewhere is never removed), EISDIR for a folder
   */
  public static void unpin(Path pin) {
    String hint = Hint.notBpffs(pin);
    if (hint != null) {
      throw new BpfException("unpin", pin.toString(), Errno.EPERM, hint);
    }
    try (Arena arena = Arena.ofConfined()) {
      long path = string(arena, pin).address();
      long result = Syscall.call(Uapi.SYS_UNLINKAT, Uapi.AT_FDCWD, path, 0, 0, 0);
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("unpin", pin.toString(), errno, Hint.unpin(errno));
      }
    }
  }

  /**
   * Mounts a new bpffs on a folder, which is open to its owner alone.
   *
   * @throws BpfException EPERM without CAP_SYS_ADMIN, ENOENT or ENOTDIR without the folder
   */
  public static void mount(Path folder) {
    try (Arena arena = Arena.ofConfined()) {
      long type = arena.allocateFrom(TYPE).address();
      long options = arena.allocateFrom("mode=0700").address();
      long target = string(arena, folder).address();
      check("mount bpffs", folder, Syscall.call(Uapi.SYS_MOUNT, type, target, type, 0, options));
    }
  }

  /**
   * Unmounts a bpffs; its pins go with it if it is mounted nowhere else.
   *
   * @throws BpfException EPERM without CAP_SYS_ADMIN, EINVAL where nothing is mounted, EBUSY while
   *     somebody uses it
   */
  public static void unmount(Path folder) {
    if (!isBpffs(folder)) {
      throw new BpfException(
          "unmount bpffs", folder.toString(), Errno.EINVAL, "no bpffs is mounted there");
    }
    try (Arena arena = Arena.ofConfined()) {
      long target = string(arena, folder).address();
      check("unmount bpffs", folder, Syscall.call(Uapi.SYS_UMOUNT2, target, 0, 0, 0, 0));
    }
  }

  private static MemorySegment string(Arena arena, Path path) {
    return arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
  }

  private static void check(String operation, Path path, long result) {
    if (result < 0) {
      Errno errno = Syscall.errno(result);
      throw new BpfException(operation, path.toString(), errno, Hint.file(errno));
    }
  }
}
