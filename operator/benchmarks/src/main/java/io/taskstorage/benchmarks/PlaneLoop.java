package io.taskstorage.benchmarks;

import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import io.taskstorage.taskstore.SweepCounts;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A plane at work on a cgroup with so many tasks: WORK PLANE FOLDER CGROUP_ROOT CGROUP_INODE TASKS.
 * What a pass has not done to every task is not measured but an error.
 */
final class PlaneLoop {
  private static final int SWEEPS_BEFORE = 4;
  private static final int CHANGES_BEFORE = 20;

  private final TaggedCgroup cgroup;
  private final int tasks;
  private long number = 1;

  private PlaneLoop(TaggedCgroup cgroup, int tasks) {
    this.cgroup = cgroup;
    this.tasks = tasks;
  }

  public static void main(String[] args) {
    Plane plane = Plane.valueOf(args[1]);
    PinTree tree = new PinTree(Path.of(args[2]));
    long inode = Long.parseLong(args[4]);
    try (TaggedCgroup cgroup = TaggedCgroup.open(plane, tree, Path.of(args[3]), inode, 1)) {
      PlaneLoop loop = new PlaneLoop(cgroup, Integer.parseInt(args[5]));
      switch (args[0]) {
        case "sweep" -> {
          loop.delete();
          run(loop::sweeps, SWEEPS_BEFORE);
        }
        case "change" -> run(loop::change, CHANGES_BEFORE);
        default -> throw new IllegalArgumentException("work " + args[0] + ": sweep or change");
      }
    }
  }

  /** The JVM compiles what has run often: as a process that lives for days has. */
  private static void run(Supplier<String> round, int before) {
    for (int i = 0; i < before; i++) {
      var _ = round.get();
    }
    System.out.println("ready");
    Answers.toEachLine(round);
  }

  /** Each pass that there is, from tasks without entries to tasks without entries. */
  private String sweeps() {
    cgroup.assign(++number);
    long begin = System.nanoTime();
    SweepCounts made = cgroup.sweep();
    final long create = System.nanoTime() - begin;
    require("created", made.created());

    cgroup.assign(++number);
    begin = System.nanoTime();
    SweepCounts changed = cgroup.sweep();
    final long overwrite = System.nanoTime() - begin;
    require("overwritten", changed.updated());

    begin = System.nanoTime();
    SweepCounts found = cgroup.verify();
    final long verify = System.nanoTime() - begin;
    require("found in line", found.tasks() - found.changes());

    final long delete = delete();
    return String.join(
        " ",
        Answers.perOperation("create", create, tasks),
        Answers.perOperation("overwrite", overwrite, tasks),
        Answers.perOperation("verify", verify, tasks),
        Answers.perOperation("delete", delete, tasks));
  }

  private long delete() {
    cgroup.unassign();
    long begin = System.nanoTime();
    SweepCounts gone = cgroup.sweep();
    long taken = System.nanoTime() - begin;
    require("deleted", gone.deleted());
    return taken;
  }

  /** From the new row until the last task has its value. */
  private String change() {
    long begin = System.nanoTime();
    cgroup.assign(++number);
    SweepCounts changed = cgroup.sweep();
    long taken = System.nanoTime() - begin;
    require("overwritten", changed.updated());
    return Answers.perOperation("change", taken, 1);
  }

  private void require(String what, int count) {
    if (count != tasks) {
      throw new IllegalStateException(
          "sweep of %d tasks: %d %s: what is measured is something else"
              .formatted(tasks, count, what));
    }
  }
}
