package io.taskstorage.agent.doctor;

import io.taskstorage.agent.nri.ContainerEvents;
import io.taskstorage.bpf.Lockdown;
import io.taskstorage.bpf.Probe;
import io.taskstorage.console.Check;
import io.taskstorage.console.Fact;
import io.taskstorage.console.Finding;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks at a node. */
public final class Examination {
  private Examination() {}

  /**
   * Tries everything out; what it makes in the kernel for that is gone when it returns.
   *
   * @param tree where pins would be
   * @param cgroupRoot where the cgroup2 tree is; empty where it is mounted nowhere
   */
  public static Diagnosis of(PinTree tree, Optional<Path> cgroupRoot) {
    KernelChecks kernel = new KernelChecks(new Probe());
    NodeChecks node = new NodeChecks(Path.of("/proc"));
    PinnedMaps pinned = PinnedMaps.of(tree);
    // Counted before the probes below make maps of their own, which the kernel frees late.
    Check mapsOnNode = kernel.mapsOnNode(pinned);
    Check firstAct = kernel.firstAct();
    List<Check> checks =
        List.of(
            kernel.taskStorage(),
            node.bpffs(tree),
            node.cgroups(cgroupRoot),
            kernel.capabilities(),
            kernel.threads(),
            kernel.largestValue(),
            mapsOnNode,
            node.pidNamespace(),
            node.openFiles(),
            NodeChecks.containerEvents(Path.of(ContainerEvents.SOCKET)),
            kernel.kernelTypes(),
            kernel.tracingPrograms(),
            firstAct);
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact("kernel", System.getProperty("os.version") + " " + System.getProperty("os.arch")));
    Lockdown.mode().ifPresent(mode -> facts.add(new Fact("lockdown", mode)));
    facts.add(new Fact("pinned", pinned.describe()));
    facts.addAll(InForceFacts.of(tree));
    String lacking =
        checks.stream().filter(Check::blocks).map(Check::name).collect(Collectors.joining(", "));
    if (!lacking.isEmpty()) {
      return new Diagnosis(
          Diagnosis.NONE,
          "lacking: "
              + lacking
              + ". taskstorage demo plays without it, and run --plane emulated tries manifests out",
          checks,
          facts);
    }
    return firstAct.finding() instanceof Finding.Yes
        ? new Diagnosis(
            Plane.IN_KERNEL.display(),
            "programs in the kernel give every task its value before its first instruction",
            checks,
            facts)
        : new Diagnosis(
            Plane.RESCAN.display(),
            "the kernel's maps, filled from user space: new tasks have their value after the next"
                + " pass (every second unless told otherwise)",
            checks,
            facts);
  }
}
