package io.taskstorage.agent.observe;

import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the store holds: maps as the agent's folder in bpffs and this process know them, rows as
 * this process assigned them.
 *
 * @param maps every map of ours, also those of an earlier run that this one has not installed
 * @param rows the row of each assigned cgroup
 */
public record InForce(SortedMap<MapName, MapInForce> maps, Map<CgroupId, AssignedRow> rows) {

  /** Nothing at all. */
  public static final InForce NOTHING = new InForce(Collections.emptySortedMap(), Map.of());

  /** Copies both. */
  public InForce {
    maps = Collections.unmodifiableSortedMap(new TreeMap<>(maps));
    rows = Map.copyOf(rows);
  }

  /**
   * One map.
   *
   * @param map as it was installed, now or by an earlier run
   * @param installed by this process; false = remembered from an earlier run and not touched since
   * @param isPublic its public pin is in place
   */
  public record MapInForce(StoreMap map, boolean installed, boolean isPublic) {}

  /** A row and the cgroup that it was assigned to. */
  public record AssignedRow(Cgroup cgroup, Row row) {}

  /** This state with one map more, or another in place of one of the same name. */
  public InForce withMap(MapInForce map) {
    SortedMap<MapName, MapInForce> changed = new TreeMap<>(maps);
    changed.put(map.map().name(), map);
    return new InForce(changed, rows);
  }

  /** This state without a map. Rows keep what they say of it until they are assigned anew. */
  public InForce withoutMap(MapName name) {
    SortedMap<MapName, MapInForce> changed = new TreeMap<>(maps);
    changed.remove(name);
    return new InForce(changed, rows);
  }

  /** This state with a row assigned. */
  public InForce withRow(AssignedRow row) {
    Map<CgroupId, AssignedRow> changed = new HashMap<>(rows);
    changed.put(row.cgroup().id(), row);
    return new InForce(maps, changed);
  }

  /** This state with a row unassigned. */
  public InForce withoutRow(CgroupId cgroup) {
    Map<CgroupId, AssignedRow> changed = new HashMap<>(rows);
    changed.remove(cgroup);
    return new InForce(maps, changed);
  }
}
