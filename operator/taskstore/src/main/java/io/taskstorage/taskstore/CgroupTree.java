package io.taskstorage.taskstore;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The cgroup2 hierarchy below a folder, read from the mounted tree. Never from /proc/PID/cgroup,
 * whose paths are relative to the reader's cgroup namespace. Reading needs no privilege.
 */
public final class CgroupTree implements Membership {
  private static final String TYPE = "cgroup2";

  private final Path root;

  private CgroupTree(Path root) {
    this.root = root;
  }

  /**
   * The tree below a folder of a cgroup2 mount.
   *
   * @throws StoreException if the folder is not there or not of cgroup2
   */
  public static CgroupTree open(Path root) {
    try {
      if (!Files.getFileStore(root).type().equals(TYPE)) {
        throw refused(root, "not a cgroup2 folder", "give the path where cgroup2 is mounted");
      }
      return new CgroupTree(root.toRealPath());
    } catch (NoSuchFileException e) {
      throw refused(root, "no such folder", "give the path where cgroup2 is mounted");
    } catch (IOException e) {
      FileRefusal refusal = FileRefusal.of(e);
      throw refused(root, refusal.why(), refusal.mend());
    }
  }

  /** Where cgroup2 is mounted according to /proc/self/mountinfo; the first if there are several. */
  public static Optional<Path> mountPoint() {
    try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .filter(l -> l.contains(" - " + TYPE + " "))
          .map(CgroupTree::mountedAt)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The folder that has the path "/". */
  public Path root() {
    return root;
  }

  @Override
  public CgroupSnapshot cgroups() {
    List<Cgroup> found = new ArrayList<>();
    List<Tids.Unreadable> unreadable = new ArrayList<>();
    walk(root, "/", Optional.empty(), found, unreadable);
    return new CgroupSnapshot(found, unreadable);
  }

  @Override
  public Tids tids(Cgroup cgroup) {
    Path folder = folder(cgroup);
    try {
      return parse(Files.readAllBytes(folder.resolve("cgroup.threads")));
    } catch (IOException e) {
      // A removed cgroup answers ENOENT at open and ENODEV at read.
      if (!stillThere(folder, cgroup.id())) {
        return new Tids.Gone();
      }
      return unreadable(folder.resolve("cgroup.threads"), e);
    }
  }

  private void walk(
      Path folder,
      String path,
      Optional<CgroupId> parent,
      List<Cgroup> found,
      List<Tids.Unreadable> unreadable) {
    try {
      FileStat stat = FileStat.of(folder);
      CgroupId id = new CgroupId(stat.inode());
      found.add(new Cgroup(id, parent, path));
      // kernfs counts a folder's children in its links, so most folders need no listing.
      int children = stat.links() - 2;
      if (children > 0) {
        for (Path child : children(folder, children)) {
          String name = String.valueOf(child.getFileName());
          String childPath = path.equals("/") ? "/" + name : path + "/" + name;
          walk(child, childPath, Optional.of(id), found, unreadable);
        }
      }
    } catch (NoSuchFileException e) {
      // Removed while the walk was on its way: it is not in the tree.
    } catch (IOException e) {
      unreadable.add(unreadable(folder, e));
    }
  }

  private static List<Path> children(Path folder, int expected) throws IOException {
    List<Path> children = new ArrayList<>(expected);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          children.add(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    children.sort(null);
    return children;
  }

  private Path folder(Cgroup cgroup) {
    return root.resolve(cgroup.path().substring(1));
  }

  private static boolean stillThere(Path folder, CgroupId id) {
    try {
      return FileStat.of(folder).inode() == id.value();
    } catch (IOException e) {
      return false;
    }
  }

  private static Tids parse(byte[] lines) {
    List<Integer> tids = new ArrayList<>();
    int outside = 0;
    int number = 0;
    for (byte b : lines) {
      if (b != '\n') {
        number = number * 10 + (b - '0');
        continue;
      }
      // A task outside the reader's pid namespace is shown as 0.
      if (number == 0) {
        outside++;
      } else {
        tids.add(number);
      }
      number = 0;
    }
    return new Tids.Listed(tids, outside);
  }

  private static Path mountedAt(String mountinfo) {
    return Path.of(mountinfo.split(" ", 6)[4].replace("\\040", " "));
  }

  private static Tids.Unreadable unreadable(Path path, IOException e) {
    FileRefusal refusal = FileRefusal.of(e);
    return new Tids.Unreadable(
        refusal.reason(), "read " + path + ": " + refusal.why() + ": " + refusal.mend());
  }

  private static StoreException refused(Path root, String why, String mend) {
    return new StoreException(new StoreProblem.FolderRefused("open cgroup tree", root, why, mend));
  }
}
