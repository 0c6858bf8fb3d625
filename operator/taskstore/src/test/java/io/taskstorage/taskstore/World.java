package io.taskstorage.taskstore;

import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Task;

/** The cgroups that a store's test lives in: the kernel's or a table's. Paths are as "/a/b". */
interface World {
  Membership membership();

  CgroupId mkdir(String path);

  void rmdir(String path);

  /** Moves the task's whole process. */
  void move(Task task, String path);

  /** Real cgroups below the sandbox. */
  static World real(CgroupSandbox sandbox) {
    Membership tree = CgroupTree.open(sandbox.top().path());
    return new World() {
      @Override
      public Membership membership() {
        return tree;
      }

      @Override
      public CgroupId mkdir(String path) {
        return new CgroupId(sandbox.create(names(path)).id());
      }

      @Override
      public void rmdir(String path) {
        sandbox.create(names(path)).remove();
      }

      @Override
      public void move(Task task, String path) {
        sandbox.create(names(path)).add(task);
      }

      private String[] names(String path) {
        return path.substring(1).split("/", -1);
      }
    };
  }

  /** No cgroups at all. */
  static World emulated() {
    EmulatedMembership table = new EmulatedMembership();
    return new World() {
      @Override
      public Membership membership() {
        return table;
      }

      @Override
      public CgroupId mkdir(String path) {
        return table.mkdir(path);
      }

      @Override
      public void rmdir(String path) {
        table.rmdir(path);
      }

      @Override
      public void move(Task task, String path) {
        if (!table.move(task.pid(), path)) {
          throw new AssertionError("move " + task + ": no such process");
        }
      }
    };
  }
}
