package io.taskstorage.taskstore;

import io.taskstorage.bpf.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    FolderTree tree = FolderTree.read(root);
    List<Cgroup> cgroups = new ArrayList<>(tree.folders().size());
    for (FolderTree.Folder folder : tree.folders()) {
      Optional<CgroupId> parent =
          folder.parent() < 0 ? Optional.empty() : Optional.of(cgroups.get(folder.parent()).id());
      cgroups.add(new Cgroup(new CgroupId(folder.inode()), parent, folder.path()));
    }
    return new CgroupSnapshot(
        cgroups,
        tree.refused().stream()
            .map(each -> unreadable(folder(each.path()), FileRefusal.of(each.errno())))
            .toList());
  }

  @Override
  public Tids tids(Cgroup cgroup) {
    Path folder = folder(cgroup.path());
    try {
      return parse(Files.readAllBytes(folder.resolve("cgroup.threads")));
    } catch (IOException e) {
      // A removed cgroup answers ENOENT at open and ENODEV at read.
      if (!stillThere(folder, cgroup.id())) {
        return new Tids.Gone();
      }
      return unreadable(folder.resolve("cgroup.threads"), FileRefusal.of(e));
    }
  }

  private Path folder(String path) {
    return root.resolve(path.substring(1));
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

  private static Tids.Unreadable unreadable(Path path, FileRefusal refusal) {
    return new Tids.Unreadable(
        refusal.reason(), "read " + path + ": " + refusal.why() + ": " + refusal.mend());
  }

  private static StoreException refused(Path root, String why, String mend) {
    return new StoreException(new StoreProblem.FolderRefused("open cgroup tree", root, why, mend));
  }
}
