package io.taskstorage.taskstore;

/** How entries come to tasks. Reported as {@code propagation}. */
public enum Plane {
  /** Programs in the kernel keep each task in line from its first instruction on. */
  IN_KERNEL("InKernel"),
  /** User space walks the tasks of the assigned cgroups, one bpf(2) call each, again and again. */
  RESCAN("Rescan"),
  /** The same walk over real tasks with entries kept in this process; the kernel holds nothing. */
  EMULATED("Emulated");

  private final String display;

  Plane(String display) {
    this.display = display;
  }

  /** The word for people and for status. */
  public String display() {
    return display;
  }
}
