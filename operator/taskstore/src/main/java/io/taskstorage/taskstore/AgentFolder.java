package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Bpffs;
import io.taskstorage.bpf.DirectoryLock;
import io.taskstorage.bpf.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Our two folders in bpffs: made by us or refused, and the lock on one of them. */
final class AgentFolder {
  private static final String AGENT_MODE = "rwx------";
  private static final String PUBLIC_MODE = "rwxr-xr-x";
  private static final int OTHERS = 077;
  private static final int OTHERS_WRITE = 022;

  /** A clean removes the folder once; more often it goes only where somebody does so in a loop. */
  private static final int MAX_TRIES = 20;

  private AgentFolder() {}

  /** Makes what is missing, checks what is there, and takes the lock. */
  static DirectoryLock lock(PinTree tree, PinFolders folders) {
    requireBpffs(tree.root());
    DirectoryLock lock = lockOfFolder(tree, folders);
    try {
      ensure(tree.publicFolder(), PUBLIC_MODE, OTHERS_WRITE, folders);
      for (Path folder : List.of(tree.maps(), tree.staging(), tree.retained())) {
        ensure(folder, AGENT_MODE, OTHERS, folders);
      }
      return lock;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Removes every pin, record and folder of ours below a tree.
   *
   * @return what stayed because it is not ours
   */
  static List<Path> clean(PinTree tree, PinFolders folders) {
    requireBpffs(tree.root());
    if (PinFolders.stat(tree.agentFolder()).isEmpty()) {
      folders.removeIfEmpty(tree.publicFolder());
      return PinFolders.list(tree.publicFolder());
    }
    DirectoryLock lock = lockOfFolder(tree, folders);
    try {
      for (Path record : RecordFolders.complete(tree)) {
        Path pin = tree.publicFolder().resolve(RecordFolders.pinName(record));
        if (MapInspection.isSameMap(pin, record.resolve(PinTree.MAP_PIN))) {
          folders.remove(pin);
        }
      }
      for (Path entry : PinFolders.list(tree.agentFolder())) {
        folders.removeTree(entry);
      }
      List<Path> left = new ArrayList<>(PinFolders.list(tree.publicFolder()));
      folders.removeIfEmpty(tree.publicFolder());
      // Last, and with the lock held: whoever waits for it finds its folder gone and makes anew.
      folders.remove(tree.agentFolder());
      return left;
    } finally {
      lock.close();
    }
  }

  /** Makes and checks the folder whose lock is the request for a node that somebody holds. */
  static Path successor(PinTree tree, PinFolders folders) {
    ensure(tree.agentFolder(), AGENT_MODE, OTHERS, folders);
    ensure(tree.successor(), AGENT_MODE, OTHERS, folders);
    return tree.successor();
  }

  private static DirectoryLock lockOfFolder(PinTree tree, PinFolders folders) {
    Path folder = tree.agentFolder();
    for (int i = 0; i < MAX_TRIES; i++) {
      Optional<FileStat> made = make(folder, AGENT_MODE, OTHERS, folders);
      if (made.isEmpty()) {
        continue;
      }
      Optional<DirectoryLock> lock;
      try {
        lock = DirectoryLock.tryLock(folder);
      } catch (BpfException e) {
        if (e.errno().equals(Errno.ENOENT)) {
          continue;
        }
        throw e;
      }
      // What was locked may be a folder that a clean has removed meanwhile.
      if (inode(made).equals(inode(PinFolders.stat(folder)))) {
        return lock.orElseThrow(() -> held(folder));
      }
      lock.ifPresent(DirectoryLock::close);
    }
    throw foreign(
        folder,
        "was removed by somebody, %d times in a row".formatted(MAX_TRIES),
        "end what removes it, then try again");
  }

  private static Optional<Long> inode(Optional<FileStat> stat) {
    return stat.map(FileStat::inode);
  }

  private static StoreException held(Path folder) {
    return new StoreException(
        new StoreProblem.NodeHeld(folder, DirectoryLock.holderPid(folder).orElse(0)));
  }

  private static void ensure(Path folder, String mode, int forbidden, PinFolders folders) {
    if (make(folder, mode, forbidden, folders).isEmpty()) {
      throw foreign(folder, "was removed by somebody", "try again");
    }
  }

  /** Makes the folder if need be, and checks it; empty if somebody has removed it meanwhile. */
  private static Optional<FileStat> make(
      Path folder, String mode, int forbidden, PinFolders folders) {
    if (PinFolders.stat(folder).isEmpty()) {
      folders.makeFolder(folder, mode);
    }
    Optional<FileStat> found = PinFolders.stat(folder);
    found.ifPresent(stat -> check(folder, stat, forbidden));
    return found;
  }

  private static void check(Path folder, FileStat stat, int forbidden) {
    if (!stat.isDirectory()) {
      throw foreign(folder, "is not a folder", "remove it");
    }
    int own = ProcFs.ownUid();
    if (stat.uid() != own) {
      throw foreign(
          folder,
          "the folder belongs to user " + stat.uid() + ", not to user " + own,
          "remove it, or run as that user");
    }
    if (stat.permits(forbidden)) {
      throw foreign(
          folder,
          "the folder's mode " + stat.modeText() + " lets other users in",
          "look what they left there, then chmod " + (forbidden == OTHERS ? "0700" : "0755"));
    }
  }

  private static void requireBpffs(Path root) {
    if (!Files.isDirectory(root) || !Bpffs.isBpffs(root)) {
      throw new StoreException(new StoreProblem.NotBpffs(root));
    }
  }

  private static StoreException foreign(Path folder, String why, String mend) {
    return new StoreException(new StoreProblem.ForeignPin(folder, why, mend));
  }
}
