package io.taskstorage.taskstore;

import io.taskstorage.bpf.Bpffs;
import io.taskstorage.bpf.Errno;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The file calls in bpffs: folders, symlinks, renames, unlinks, each told to {@link Steps} when it
 * is done. A call that is refused becomes a {@link StoreProblem}.
 */
final class PinFolders {
  /** Told of each change as soon as it is there; tests stop here as a crash would. */
  interface Steps {
    Steps UNWATCHED = step -> {};

    void done(String step);
  }

  private final PinTree tree;
  private final Steps steps;

  /** Works below {@code tree}; makes folders there only while it is in bpffs. */
  PinFolders(PinTree tree, Steps steps) {
    this.tree = tree;
    this.steps = steps;
  }

  /** What is at the path itself, links not followed. */
  static Optional<FileStat> stat(Path path) {
    try {
      return Optional.of(FileStat.of(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw refused("stat", path, e);
    }
  }

  /** The names in a folder, sorted; none if it is not there. */
  static List<Path> list(Path folder) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw refused("list", folder, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw refused("list", folder, e);
    }
    entries.sort(null);
    return entries;
  }

  static Optional<String> readLink(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link).toString());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw refused("read link", link, e);
    }
  }

  /** Makes a folder, and those above it, if it is not there. */
  void makeFolder(Path folder) {
    if (stat(folder).isPresent()) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      makeFolder(parent);
    }
    makeFolder(folder, "rwx------");
  }

  /**
   * Makes one folder with this mode, whatever the umask.
   *
   * @throws StoreException also if it came to be outside of bpffs, as where that was unmounted
   *     meanwhile; nothing is left there
   */
  void makeFolder(Path folder, String mode) {
    Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(mode);
    try {
      // Never wider than asked for, not even for a moment.
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(permissions));
      requireBpffs(folder);
      Files.setPosixFilePermissions(folder, permissions);
      steps.done("mkdir " + folder);
    } catch (FileAlreadyExistsException e) {
      // Somebody else was first: whose it is now is for the caller's check to say.
    } catch (IOException e) {
      throw refused("mkdir", folder, e);
    }
  }

  private void requireBpffs(Path made) throws IOException {
    if (!Bpffs.isBpffs(made)) {
      Files.delete(made);
      throw new StoreException(new StoreProblem.NotBpffs(tree.root()));
    }
  }

  void symlink(Path link, String target) {
    try {
      Files.createSymbolicLink(link, Path.of(target));
      steps.done("symlink " + link);
    } catch (IOException e) {
      throw refused("symlink", link, e);
    }
  }

  /** Makes a symlink, or lets one that is there lead elsewhere, at once. */
  void replaceLink(Path link, String target) {
    if (readLink(link).filter(target::equals).isPresent()) {
      return;
    }
    Path next = link.resolveSibling(link.getFileName() + "_new");
    remove(next);
    symlink(next, target);
    rename(next, link);
  }

  /** rename(2): whoever opens {@code to} finds the old or the new, never nothing. */
  void rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      steps.done("rename " + from + " to " + to);
    } catch (IOException e) {
      throw refused("rename", from, e);
    }
  }

  /** link(2): refused where something is at {@code to}. */
  void link(Path from, Path to) {
    try {
      Files.createLink(to, from);
      steps.done("link " + from + " to " + to);
    } catch (FileAlreadyExistsException e) {
      throw new StoreException(
          new StoreProblem.FolderRefused(
              "pin", to, "something was put there meanwhile", "remove it if nobody uses it"));
    } catch (IOException e) {
      throw refused("link", to, e);
    }
  }

  /**
   * Gives a pin the group and then the mode of this access.
   *
   * @param named the path that a refusal tells of
   */
  void admit(Path pin, PinAccess access, Path named) {
    FileStat made = stat(pin).orElseThrow(() -> gone(named));
    if (access.group().isPresent() && access.group().getAsInt() != made.gid()) {
      int group = access.group().getAsInt();
      try {
        Files.setAttribute(pin, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
        steps.done("chgrp " + pin);
      } catch (IOException e) {
        throw groupRefused(named, group, e);
      }
    }
    if (!access.isThatOf(made.mode(), access.group().orElse(made.gid()))) {
      try {
        Files.setPosixFilePermissions(pin, permissions(access.mode()));
        steps.done("chmod " + pin);
      } catch (IOException e) {
        throw refused("chmod", named, e);
      }
    }
  }

  /** unlink(2) or rmdir(2); nothing happens where nothing is. */
  void remove(Path path) {
    try {
      if (Files.deleteIfExists(path)) {
        steps.done("remove " + path);
      }
    } catch (IOException e) {
      throw refused("remove", path, e);
    }
  }

  /** Removes a folder if it is empty. */
  void removeIfEmpty(Path folder) {
    if (stat(folder).isPresent() && list(folder).isEmpty()) {
      remove(folder);
    }
  }

  /** Removes a folder with all that is in it. */
  void removeTree(Path path) {
    if (stat(path).filter(FileStat::isDirectory).isPresent()) {
      list(path).forEach(this::removeTree);
    }
    remove(path);
  }

  /** A pin was made by another call. */
  void pinned(Path pin) {
    steps.done("pin " + pin);
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode & (1 << bit)) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    return PosixFilePermissions.fromString(text.toString());
  }

  private static StoreException gone(Path path) {
    return new StoreException(
        new StoreProblem.FolderRefused("pin", path, "was removed by somebody", "try again"));
  }

  private static StoreException groupRefused(Path pin, int group, IOException e) {
    String operation = "chgrp " + group;
    if (!FileRefusal.of(e).reason().equals(Errno.EPERM.name())) {
      return refused(operation, pin, e);
    }
    return new StoreException(
        new StoreProblem.FolderRefused(
            operation,
            pin,
            "this process is not in that group and has no CAP_CHOWN",
            "make it one of its supplemental groups"));
  }

  private static StoreException refused(String operation, Path path, IOException e) {
    FileRefusal refusal = FileRefusal.of(e);
    return new StoreException(
        new StoreProblem.FolderRefused(operation, path, refusal.why(), refusal.mend()));
  }
}
