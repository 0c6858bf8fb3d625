package io.taskstorage.agent.demo;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Bpffs;
import io.taskstorage.bpf.Probe;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.StoreException;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the demo plays: the kernel's maps and cgroups as far as this user may use them, else the
 * emulated ones.
 *
 * @param home its temporary files
 * @param store the plane
 * @param tree where its pins are; empty on the Emulated plane
 * @param cgroups where its processes are
 * @param instead what is emulated and why, one sentence each; empty where everything is real
 * @param notes what was made for the demo or removed before it, one sentence each
 */
record Ground(
    Home home,
    TaskStore store,
    Optional<PinTree> tree,
    Cgroups cgroups,
    List<String> instead,
    List<String> notes) {

  /** Finds out what can be used by using it. */
  static Ground open(PinTree usual, Optional<Path> cgroupRoot, Undo undo) throws IOException {
    List<String> notes = new ArrayList<>(Leftovers.remove(usual, cgroupRoot));
    Home home = Home.make(undo);
    List<String> instead = new ArrayList<>();
    Cgroups cgroups = cgroups(home.name(), cgroupRoot, undo, instead);
    String refusal;
    try {
      Optional<String> refused = refusal();
      if (refused.isEmpty()) {
        PinTree tree = pins(home, usual, undo, notes);
        TaskStore store = onKernel(tree, cgroups);
        undo.add("close the store", store::close);
        return new Ground(home, store, Optional.of(tree), cgroups, instead, notes);
      }
      refusal = refused.orElseThrow();
    } catch (BpfException | StoreException | FileSystemException e) {
      refusal = Cause.of(e);
    }
    instead.addFirst(
        "Emulated, because the kernel refuses this user: "
            + refusal
            + ". Values are kept in the demo's own memory; the processes and their ends are real."
            + " As root, the same story plays in the kernel.");
    TaskStore store = TaskStores.emulated(cgroups.membership());
    undo.add("close the store", store::close);
    return new Ground(home, store, Optional.empty(), cgroups, instead, notes);
  }

  /** Programs where they work, else passes over the tasks. */
  private static TaskStore onKernel(PinTree tree, Cgroups cgroups) {
    return TaskStores.firstAct() instanceof ProbeResult.Yes
        ? TaskStores.inKernel(tree, cgroups.membership())
        : TaskStores.rescan(tree, cgroups.membership());
  }

  /** Why no map can be made and filled here; empty where one can. */
  private static Optional<String> refusal() {
    return switch (new Probe().taskStorage()) {
      case ProbeResult.Yes() -> Optional.empty();
      case ProbeResult.No(String reason, String _) -> Optional.of(reason);
      case ProbeResult.Unknown(BpfException cause) -> Optional.of(Cause.of(cause));
    };
  }

  private static Cgroups cgroups(
      String name, Optional<Path> root, Undo undo, List<String> instead) {
    String why;
    try {
      CgroupTree tree =
          CgroupTree.open(root.orElseThrow(() -> new IOException("cgroup2 is not mounted")));
      Cgroups.Real real = new Cgroups.Real(tree, "/" + name);
      real.make("", undo);
      return real;
    } catch (StoreException | IOException e) {
      why = Cause.of(e);
    }
    instead.add(
        "Cgroups are emulated too ("
            + why
            + "): which process is in which one is kept in a table.");
    Cgroups.Played played = new Cgroups.Played(new EmulatedMembership(), "/" + name);
    played.make("", undo);
    return played;
  }

  /** A folder of its own in the usual bpffs; where there is none, a bpffs of its own. */
  private static PinTree pins(Home home, PinTree usual, Undo undo, List<String> notes)
      throws IOException {
    boolean isMounted = Bpffs.isBpffs(usual.root());
    Path folder =
        isMounted
            ? Files.createDirectory(usual.root().resolve(home.name()))
            : Files.createDirectory(home.folder().resolve("bpf"));
    undo.add("remove " + folder, () -> Files.delete(folder));
    if (!isMounted) {
      Bpffs.mount(folder);
      undo.add("unmount " + folder, () -> Bpffs.unmount(folder));
      notes.add(
          "No bpffs is mounted at "
              + usual.root()
              + ": the demo has mounted one of its own, and unmounts it at the end.");
    }
    PinTree tree = new PinTree(folder);
    // After the store is closed: cleaning takes the lock that the store holds.
    undo.add("clean " + folder, () -> TaskStores.clean(tree));
    return tree;
  }
}
