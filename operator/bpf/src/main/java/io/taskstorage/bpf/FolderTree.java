package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A folder and the folders below it, as one walk found them. Of what is no folder only the type is
 * read that getdents64(2) tells with its name: {@code java.nio.file} hides that, and would look at
 * each of the sixty files in a cgroup's folder.
 *
 * <p>For file systems that tell the types of names, and that count a folder's folders in its links,
 * so that most need no listing: kernfs does (fs/kernfs/dir.c, fs/kernfs/inode.c).
 *
 * @param folders each after the one that it is in; those in the same one by name
 * @param refused those that could not be looked at or listed; what is below them is not known
 */
public record FolderTree(List<Folder> folders, List<Refused> refused) {
  /**
   * A folder.
   *
   * @param path from the top, which is "/"
   * @param inode its number in its file system; a cgroup's is its id
   * @param parent the index of the one that it is in; -1 for the top
   */
  public record Folder(String path, long inode, int parent) {}

  /**
   * A folder of which the kernel refused to tell.
   *
   * @param path from the top, which is "/"
   */
  public record Refused(String path, Errno errno) {}

  /** Keeps copies. */
  public FolderTree {
    folders = List.copyOf(folders);
    refused = List.copyOf(refused);
  }

  /**
   * Walks. A folder that is removed meanwhile is not in the tree, or is there without some that
   * were in it; where the top is missing, the tree is empty. Holds as many descriptors as the tree
   * is deep.
   *
   * @param top a folder; symbolic links on the way to it are followed
   */
  public static FolderTree read(Path top) {
    try (Arena arena = Arena.ofConfined()) {
      Walk walk = new Walk(arena);
      walk.top(arena.allocateFrom(top.toString(), StandardCharsets.UTF_8));
      return new FolderTree(walk.folders, walk.refused);
    }
  }

  /** A folder that was found in another one. */
  private static final class Child {
    private final String path;

    /** As the kernel tells it, the NUL included. */
    private final byte[] name;

    private final long inode;
    private final boolean hasFolders;

    Child(String path, byte[] name, long inode, boolean hasFolders) {
      this.path = path;
      this.name = name;
      this.inode = inode;
      this.hasFolders = hasFolders;
    }
  }

  private static final class Walk {
    private static final int ENTRIES = 32 * 1024;
    private static final int NAME_MAX = 255;

    private final List<Folder> folders = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private final MemorySegment errno;
    private final MemorySegment entries;
    private final MemorySegment name;
    private final MemorySegment stat;

    /** A copy of {@link #entries}: an array is read in place. */
    private final byte[] read = new byte[ENTRIES];

    Walk(Arena arena) {
      errno = Syscall.newState(arena);
      entries = arena.allocate(ENTRIES, Long.BYTES);
      name = arena.allocate(NAME_MAX + 1);
      stat = arena.allocate(Uapi.STATX_SIZE, Long.BYTES);
    }

    void top(MemorySegment path) {
      if (isFound(Uapi.AT_FDCWD, path.address(), "/")) {
        folders.add(new Folder("/", inode(), -1));
        if (hasFolders()) {
          enter(0, Uapi.AT_FDCWD, path);
        }
      }
    }

    /** Adds what is below a folder that was added. */
    private void enter(int index, int parent, MemorySegment name) {
      String path = folders.get(index).path();
      int flags = Uapi.O_DIRECTORY | Uapi.O_CLOEXEC;
      long opened = Syscall.call(errno, Uapi.SYS_OPENAT, parent, name.address(), flags, 0, 0);
      if (opened < 0) {
        refuse(path, opened);
        return;
      }
      try (Fd folder = Fd.owning(opened)) {
        for (Child child : children(folder, path)) {
          folders.add(new Folder(child.path, child.inode, index));
          if (child.hasFolders) {
            enter(folders.size() - 1, folder.number(), name(child));
          }
        }
      }
    }

    private List<Child> children(Fd folder, String path) {
      List<Child> children = new ArrayList<>();
      int descriptor = folder.number();
      long length = entries(descriptor);
      while (length > 0) {
        MemorySegment.copy(entries, ValueLayout.JAVA_BYTE, 0, read, 0, (int) length);
        int next = 0;
        while (next < length) {
          int entry = next;
          next += unsignedShort(entry + Uapi.DIRENT_RECLEN);
          if (read[entry + Uapi.DIRENT_TYPE] == Uapi.DT_DIR) {
            look(descriptor, path, entry + Uapi.DIRENT_NAME, children);
          }
        }
        length = entries(descriptor);
      }
      if (length < 0) {
        refuse(path, length);
      }
      children.sort(Comparator.comparing(child -> child.path));
      return children;
    }

    private long entries(int folder) {
      return Syscall.call(errno, Uapi.SYS_GETDENTS64, folder, entries.address(), ENTRIES, 0, 0);
    }

    /** Looks at one of the folders of an open one, whose name begins there. */
    private void look(int folder, String path, int begin, List<Child> children) {
      int end = begin;
      while (read[end] != 0) {
        end++;
      }
      String word = new String(read, begin, end - begin, StandardCharsets.UTF_8);
      if (word.equals(".") || word.equals("..")) {
        return;
      }
      String below = path.equals("/") ? "/" + word : path + "/" + word;
      if (isFound(folder, entries.address() + begin, below)) {
        byte[] bytes = Arrays.copyOfRange(read, begin, end + 1);
        children.add(new Child(below, bytes, inode(), hasFolders()));
      }
    }

    /** Whether it is there; {@link #stat} then tells of it. */
    private boolean isFound(int folder, long name, String path) {
      long result =
          Syscall.call(
              errno,
              Uapi.SYS_STATX,
              folder,
              name,
              0,
              Uapi.STATX_NLINK | Uapi.STATX_INO,
              stat.address());
      if (result < 0) {
        refuse(path, result);
      }
      return result >= 0;
    }

    private long inode() {
      return stat.get(ValueLayout.JAVA_LONG, Uapi.STATX_STX_INO);
    }

    /** Two links are its own. */
    private boolean hasFolders() {
      return stat.get(ValueLayout.JAVA_INT, Uapi.STATX_STX_NLINK) > 2;
    }

    private MemorySegment name(Child child) {
      MemorySegment.copy(child.name, 0, name, ValueLayout.JAVA_BYTE, 0, child.name.length);
      return name;
    }

    /** One that is no more is no refusal. */
    private void refuse(String path, long result) {
      Errno why = Syscall.errno(result);
      if (!why.equals(Errno.ENOENT)) {
        refused.add(new Refused(path, why));
      }
    }

    private int unsignedShort(int at) {
      return Byte.toUnsignedInt(read[at]) | (Byte.toUnsignedInt(read[at + 1]) << Byte.SIZE);
    }
  }
}
