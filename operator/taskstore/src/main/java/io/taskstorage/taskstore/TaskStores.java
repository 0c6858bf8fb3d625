package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.DirectoryLock;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.taskstore.inkernel.FirstAct;
import io.taskstorage.taskstore.inkernel.ProgramSource;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Opens the planes there are. */
public final class TaskStores {
  private TaskStores() {}

  /**
   * The kernel's maps, filled from user space. Takes the node's lock and removes what a crash left.
   *
   * @throws StoreException if the tree is not in bpffs, its folders are not ours, or another
   *     process holds the node
   */
  public static TaskStore rescan(PinTree tree, Membership cgroups) {
    return rescan(tree, cgroups, PinFolders.Steps.UNWATCHED);
  }

  /**
   * The kernel's maps, kept by programs in the kernel. Takes the node's lock as {@link #rescan}.
   *
   * @throws StoreException as {@link #rescan}
   */
  public static TaskStore inKernel(PinTree tree, Membership cgroups) {
    return inKernel(tree, cgroups, PinFolders.Steps.UNWATCHED);
  }

  /**
   * Whether {@link #inKernel} keeps its promise here, tried on a thread of this process. Nothing of
   * that is left when it returns.
   */
  public static ProbeResult firstAct() {
    return FirstAct.probe();
  }

  static TaskStore inKernel(PinTree tree, Membership cgroups, PinFolders.Steps steps) {
    return inKernel(tree, cgroups, steps, ProgramSource.OF_THIS_KERNEL);
  }

  /** With programs of any making, as another version of the agent may have them. */
  static TaskStore inKernel(
      PinTree tree, Membership cgroups, PinFolders.Steps steps, ProgramSource source) {
    PinFolders folders = new PinFolders(tree, steps);
    return open(
        tree,
        folders,
        home -> {
          ProgramFolders programs = new ProgramFolders(tree, folders);
          programs.removeResidue();
          return new InKernelTaskStore(home, programs, source, cgroups, Pidfd::openThread);
        });
  }

  static TaskStore rescan(PinTree tree, Membership cgroups, PinFolders.Steps steps) {
    PinFolders folders = new PinFolders(tree, steps);
    return open(
        tree,
        folders,
        home -> {
          // Programs of an earlier process would go on with rows that nobody changes any more.
          new ProgramFolders(tree, folders).dropAll();
          return new RescanTaskStore(Plane.RESCAN, home, cgroups, Pidfd::openThread);
        });
  }

  private static TaskStore open(
      PinTree tree, PinFolders folders, Function<MapHome, TaskStore> plane) {
    try {
      DirectoryLock lock = AgentFolder.lock(tree, folders);
      try {
        return plane.apply(new PinnedMaps(tree, folders, lock));
      } catch (RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (BpfException e) {
      throw new StoreException(new StoreProblem.KernelRefused(e));
    }
  }

  /** Entries in this process, over real tasks; nothing of it is in the kernel. */
  public static TaskStore emulated(Membership cgroups) {
    return new RescanTaskStore(Plane.EMULATED, new EmulatedMaps(), cgroups, Pidfd::openThread);
  }

  /**
   * Removes every pin, record and folder of ours, and with the last user of each map its entries.
   *
   * @return what is in the folder of the public pins and not ours; it stays, and so does the folder
   * @throws StoreException if the tree is not in bpffs, its folders are not ours, or a process
   *     holds the node
   */
  public static List<Path> clean(PinTree tree) {
    try {
      return AgentFolder.clean(tree, new PinFolders(tree, PinFolders.Steps.UNWATCHED));
    } catch (BpfException e) {
      throw new StoreException(new StoreProblem.KernelRefused(e));
    }
  }
}
