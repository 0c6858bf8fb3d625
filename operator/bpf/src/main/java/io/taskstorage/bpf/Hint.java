package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Uapi;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What most likely lies behind an errno, and how to mend it. Every errno that the kernel is known
 * to give to an operation has its sentence; null is for what nobody foresaw.
 */
final class Hint {
  private Hint() {}

  private static @Nullable String general(Errno errno) {
    return errno.hint().orElse(null);
  }

  static @Nullable String pidfdOpen(Errno errno) {
    return switch (errno.number()) {
      // EINVAL up to 6.12, ENOENT in 6.18.
      case 2, 22 -> "it is a thread that leads no process: open it as a thread";
      default -> general(errno);
    };
  }

  static @Nullable String mapCreate(Errno errno, MapSpec spec) {
    return switch (errno.number()) {
      case 1 -> Capabilities.current().whyBpfIsRefused();
      case 7 ->
          "value_size is " + spec.valueSize() + ": at most " + MapSpec.LARGEST_VALUE_BYTES + " fit";
      case 22 -> wrongAttribute(spec);
      default -> general(errno);
    };
  }

  private static String wrongAttribute(MapSpec spec) {
    if (!spec.name().matches("[A-Za-z0-9_.]{0,15}")) {
      return "the name has more than 15 characters, or others than A-Z a-z 0-9 _ .";
    }
    if (spec.keySize() != Integer.BYTES) {
      return "key_size is " + spec.keySize() + ": a task storage map has 4";
    }
    if (spec.valueSize() <= 0) {
      return "value_size is " + spec.valueSize() + ": at least 1 is needed";
    }
    if (spec.maxEntries() != 0) {
      return "max_entries is " + spec.maxEntries() + ": a task storage map has 0";
    }
    if ((spec.mapFlags() & ~Uapi.BPF_F_CLONE) != Uapi.BPF_F_NO_PREALLOC) {
      return "map_flags are " + spec.mapFlags() + ": a task storage map has BPF_F_NO_PREALLOC (1)";
    }
    if (spec.btfKeyTypeId() == 0 || spec.btfValueTypeId() == 0) {
      return "a task storage map needs BTF for its key and its value";
    }
    return "the BTF of the key is no int, or that of the value has another size, or the kernel is"
        + " older than 5.11 and has no task storage";
  }

  static @Nullable String plainMapCreate(Errno errno) {
    return switch (errno.number()) {
      case 1 -> Capabilities.current().whyBpfIsRefused();
      case 22 ->
          "sizes are greater than zero; a ring buffer's is a power of two and at least a page";
      default -> general(errno);
    };
  }

  static @Nullable String element(Errno errno, int valueSize) {
    return switch (errno.number()) {
      case 1 -> "the map is frozen, or its pin was opened for the other direction only";
      case 11 -> "another writer never leaves this entry alone: end it";
      case 12 ->
          valueSize > MapSpec.LARGEST_PORTABLE_VALUE_BYTES
              ? "from Linux 6.19 on no entry can have more than 8120 bytes, and entries count for"
                  + " the memory cgroup that made the map: make the value smaller or the limit"
                  + " higher"
              : "entries count for the memory cgroup that made the map: raise its limit";
      case 35, 110 -> "the entry's lock was not to be had: try again";
      default -> general(errno);
    };
  }

  /** A load that failed before the verifier said anything. */
  static @Nullable String programLoad(Errno errno, ProgramType type) {
    return switch (errno.number()) {
      case 1 -> Capabilities.current().whyProgramIsRefused(type, Lockdown.mode());
      case 11 -> "signals never let the verifier finish: send fewer";
      default -> general(errno);
    };
  }

  /** Operations to which the kernel says EINVAL for one reason only. */
  static @Nullable String invalid(Errno errno, String reason) {
    return errno.equals(Errno.EINVAL) ? reason : general(errno);
  }

  static @Nullable String freeze(Errno errno) {
    return switch (errno.number()) {
      case 1 -> "the map is frozen already, or its pin was opened read-only";
      default -> general(errno);
    };
  }

  static @Nullable String pin(Errno errno, Path path) {
    return switch (errno.number()) {
      case 1 -> {
        String hint = notBpffs(path);
        yield hint != null ? hint : "a bpffs takes no name with a dot: choose one without";
      }
      case 2 -> "the folder does not exist: create it";
      case 13 -> "this user may not write to the folder: run as its owner";
      case 17 -> "there is something at this path: unpin it first";
      case 36 -> "a name in the path has more than 255 characters";
      default -> general(errno);
    };
  }

  static @Nullable String open(Errno errno, Path path) {
    return switch (errno.number()) {
      case 2 -> "nothing is pinned there";
      case 13 -> {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          yield "it is a folder";
        }
        String hint = notBpffs(path);
        yield hint != null ? hint : "the mode of the pin forbids it: run as its owner";
      }
      default -> general(errno);
    };
  }

  static @Nullable String unpin(Errno errno) {
    return switch (errno.number()) {
      case 1, 13 -> "it belongs to another user: run as its owner";
      default -> file(errno);
    };
  }

  /** Operations on files and mounts. */
  static @Nullable String file(Errno errno) {
    return switch (errno.number()) {
      case 1 -> "CAP_SYS_ADMIN is missing: run as root";
      case 2 -> "there is no such file or folder";
      case 13 -> "this user may not: run as its owner";
      case 16 -> "somebody works in it: end that first";
      case 20 -> "it is no folder";
      case 21 -> "it is a folder: remove it as one";
      default -> general(errno);
    };
  }

  static @Nullable String notBpffs(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    return folder == null || Bpffs.isBpffs(folder)
        ? null
        : folder + " is not on a bpffs: mount one with mount -t bpf bpf FOLDER";
  }
}
