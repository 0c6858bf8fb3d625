package io.taskstorage.agent.observe;

import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.Membership;
import java.util.List;

/** The cgroup tree of the node. Not thread-safe. */
public final class CgroupObserver {
  private final Membership membership;
  private CgroupSnapshot last = new CgroupSnapshot(List.of(), List.of());

  /** Observes the cgroups of {@code membership}. */
  public CgroupObserver(Membership membership) {
    this.membership = membership;
  }

  /** Looks again. The same instance as before where nothing has changed. */
  public CgroupSnapshot observe() {
    CgroupSnapshot now = membership.cgroups();
    if (!now.equals(last)) {
      last = now;
    }
    return last;
  }
}
