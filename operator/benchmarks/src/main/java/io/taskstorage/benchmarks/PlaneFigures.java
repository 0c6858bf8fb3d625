package io.taskstorage.benchmarks;

import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import io.taskstorage.taskstore.inkernel.KernelOffsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The plane InKernel against Rescan, and against C programs that do what has to be done, over the
 * same tasks. After each round the tasks are as they were before.
 */
final class PlaneFigures {
  private PlaneFigures() {}

  /** Passes of both planes, per task. */
  static Map<String, Pairs> sweeps(Ground ground, int tasks, int rounds) {
    try (Sleepers _ = Sleepers.start(ground, tasks)) {
      return inTurn(ground, "sweep", tasks, rounds);
    }
  }

  /** From a changed row until the last task has its value. */
  static Pairs changes(Ground ground, int tasks, int changes) {
    try (Sleepers _ = Sleepers.start(ground, tasks)) {
      return Objects.requireNonNull(inTurn(ground, "change", tasks, changes).get("change"));
    }
  }

  private static Map<String, Pairs> inTurn(Ground ground, String work, int tasks, int rounds) {
    try (Contestant inKernel = loop(ground, work, Plane.IN_KERNEL, tasks);
        Contestant rescan = loop(ground, work, Plane.RESCAN, tasks)) {
      return Contestant.inTurn(inKernel, rescan, rounds);
    }
  }

  /** Passes of the plane InKernel against calls by pidfd, in C, per task. */
  static Map<String, Pairs> sweepsAgainstPidfd(Ground ground, int tasks, int rounds) {
    return againstC(
        ground,
        tasks,
        rounds,
        pin ->
            List.of(
                ground.program("pidfd_loop").toString(),
                ground.cgroup().toString(),
                Integer.toString(TaggedCgroup.VALUE_BYTES),
                pin.toString()));
  }

  /** Against walks by iterators with programs of their own, in C with libbpf, per task. */
  static Map<String, Pairs> sweepsAgainstIterator(Ground ground, int tasks, int rounds) {
    KernelOffsets offsets = KernelOffsets.of(KernelBtf.vmlinux());
    Path object =
        ground.bpfObject(
            "walk",
            "-DTASK_CGROUPS=" + offsets.taskCgroups(),
            "-DSET_CGROUP=" + offsets.setCgroup(),
            "-DCGROUP_NODE=" + offsets.cgroupNode(),
            "-DNODE_ID=" + offsets.nodeId());
    return againstC(
        ground,
        tasks,
        rounds,
        pin ->
            List.of(
                ground.program("walk_loop", "-lbpf").toString(),
                object.toString(),
                Long.toString(ground.cgroupInode()),
                Integer.toString(tasks),
                pin.toString()));
  }

  /** A C program that works on a map of its own, over the same tasks. */
  private static Map<String, Pairs> againstC(
      Ground ground, int tasks, int rounds, Function<Path, List<String>> command) {
    PinTree tree = ground.pins("c");
    try (Sleepers _ = Sleepers.start(ground, tasks);
        TaggedCgroup map =
            TaggedCgroup.open(
                Plane.RESCAN, tree, ground.cgroupRoot(), Ground.inode(ground.makeCgroup("c")), 1);
        Contestant inKernel = loop(ground, "sweep", Plane.IN_KERNEL, tasks);
        Contestant c = Contestant.start("C", command.apply(map.pin()))) {
      return Contestant.inTurn(inKernel, c, rounds);
    }
  }

  private static Contestant loop(Ground ground, String work, Plane plane, int tasks) {
    return Contestant.start(
            plane.display(), Java.command(PlaneLoop.class, arguments(ground, work, plane, tasks)))
        .awaitReady();
  }

  /** What {@link PlaneLoop} wants to be told. */
  static List<String> arguments(Ground ground, String work, Plane plane, int tasks) {
    return List.of(
        work,
        plane.name(),
        ground.pins(plane.name()).root().toString(),
        ground.cgroupRoot().toString(),
        Long.toString(ground.cgroupInode()),
        Integer.toString(tasks));
  }
}
