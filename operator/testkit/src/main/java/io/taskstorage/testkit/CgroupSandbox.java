package io.taskstorage.testkit;

import java.nio.file.Path;

/**
 * A cgroup subtree of the test's own, directly below the cgroup2 root. Ask for it as a parameter of
 * a test method. At the end everything inside is killed, and the cgroups are removed; nothing
 * outside is ever touched.
 */
public final class CgroupSandbox implements AutoCloseable {
  private final Path root;
  private final Cgroup top;

  private CgroupSandbox(Path root, Cgroup top) {
    this.root = root;
    this.top = top;
  }

  /** Makes one. Tests usually take it as a parameter instead. */
  public static CgroupSandbox create() {
    Path root =
        MountInfo.cgroup2Root()
            .orElseThrow(
                () -> new AssertionError("cgroup sandbox: no cgroup2 hierarchy is mounted"));
    return new CgroupSandbox(root, new Cgroup(root, root).create(RunName.next()));
  }

  /** Where cgroup2 is mounted. */
  public Path root() {
    return root;
  }

  /** The subtree's own cgroup. */
  public Cgroup top() {
    return top;
  }

  /** Makes a cgroup below {@link #top}; a path of several names makes what is missing between. */
  public Cgroup create(String... names) {
    return top.create(names);
  }

  /**
   * Kills what runs inside, which includes no process of this JVM's own, and removes the subtree.
   */
  @Override
  public void close() {
    top.removeTree();
  }
}
