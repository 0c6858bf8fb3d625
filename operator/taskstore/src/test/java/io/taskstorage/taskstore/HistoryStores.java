package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The two stores of a {@link History}, which are told the same: one with programs in the kernel,
 * and one that passes over the tasks. The first one is closed and opened again now and then: what
 * it was told is stated anew, as an agent does that begins.
 */
final class HistoryStores implements AutoCloseable {
  /** One of so many restarts is after another process was killed. */
  private static final int KILL = 8;

  private final PinTree tree;
  private final Membership cgroups;
  private final TaskStore passes;
  private final Set<StoreMap> maps = new HashSet<>();
  private final Map<CgroupId, Row> rows = new HashMap<>();
  private TaskStore programs;
  private int restarts;
  private int kills;

  /**
   * @param tree where the maps of the store with programs are
   * @param others where those of the other one are
   */
  HistoryStores(PinTree tree, PinTree others, Membership cgroups) {
    this.tree = tree;
    this.cgroups = cgroups;
    this.programs = TaskStores.inKernel(tree, cgroups);
    this.passes = TaskStores.rescan(others, cgroups);
  }

  /** The store with programs, until its next restart. */
  TaskStore programs() {
    return programs;
  }

  /** The store that passes over the tasks. */
  TaskStore passes() {
    return passes;
  }

  boolean has(StoreMap map) {
    return maps.contains(map);
  }

  int restarts() {
    return restarts;
  }

  /** As many restarts were after another process was killed that had the node meanwhile. */
  int kills() {
    return kills;
  }

  void assign(CgroupId cgroup, Row row) {
    rows.put(cgroup, row);
    both().forEach(store -> store.assign(cgroup, row));
  }

  void unassign(CgroupId cgroup) {
    rows.remove(cgroup);
    both().forEach(store -> store.unassign(cgroup));
  }

  /** Installs the map if it is not there, and removes it if it is. */
  void turnOver(StoreMap map) {
    if (maps.remove(map)) {
      rows.replaceAll((_, row) -> row.without(map.name()));
      both().forEach(store -> store.remove(map.name(), Reclaim.DELETE));
    } else {
      maps.add(map);
      both().forEach(store -> store.install(map));
    }
  }

  private List<TaskStore> both() {
    return List.of(programs, passes);
  }

  /**
   * The agent with the programs ends, and the next one states what this one was told. Now and then
   * a process with other wishes has the node meanwhile, and is killed.
   *
   * @param folder of the cgroups
   * @param ids the cgroups that the other process gives rows
   * @return what happened
   */
  String restart(Path folder, Collection<CgroupId> ids, Random random) {
    programs.close();
    boolean isAfterKill = restarts++ % KILL == KILL / 2;
    if (isAfterKill) {
      HistoryAgent.workUntilKilled(tree, folder, ids, random);
      kills++;
    }
    programs = TaskStores.inKernel(tree, cgroups);
    maps.forEach(programs::install);
    for (StoreMap map : List.of(TENANT_MAP, HINT_MAP)) {
      if (!has(map)) {
        programs.remove(map.name(), Reclaim.DELETE);
      }
    }
    rows.forEach(programs::assign);
    return isAfterKill ? "restart after another agent was killed" : "restart";
  }

  @Override
  public void close() {
    programs.close();
    passes.close();
  }
}
