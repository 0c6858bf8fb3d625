package io.taskstorage.taskstore;

/**
 * A cgroup of the cgroup2 hierarchy as the kernel names it: the inode number of its directory,
 * which is also what a BPF program reads as {@code cgroup->kn->id}. Not used again while the kernel
 * runs: the upper half is a generation.
 */
public record CgroupId(long value) {
  public CgroupId {
    if (value <= 0) {
      throw new IllegalArgumentException(
          "cgroup id " + value + ": not positive: use the inode number of a cgroup2 directory");
    }
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
