package io.taskstorage.agent.observe;

import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the store holds: maps as the agent's folder in bpffs and this process know them, rows as
 * this process assigned them, policies as they were when a sweep had brought about what they say.
 *
 * @param maps every map of ours, also those of an earlier run that this one has not installed
 * @param rows the row of each assigned cgroup
 * @param policies for each map the words of the policies that were in force here when the last
 *     sweep ended, in this process or an earlier one
 */
public record InForce(
    SortedMap<MapName, MapInForce> maps,
    Map<CgroupId, AssignedRow> rows,
    Map<MapName, Set<String>> policies) {

  /** Nothing at all. */
  public static final InForce NOTHING = new InForce(Collections.emptySortedMap(), Map.of());

  /** Copies what it is given. */
  public InForce {
    maps = Collections.unmodifiableSortedMap(new TreeMap<>(maps));
    rows = Map.copyOf(rows);
    policies = Map.copyOf(policies);
  }

  /** No policy was in force yet. */
  public InForce(SortedMap<MapName, MapInForce> maps, Map<CgroupId, AssignedRow> rows) {
    this(maps, rows, Map.of());
  }

  /**
   * One map.
   *
   * @param map as it was installed, now or by an earlier run
   * @param installed by this process; false = remembered from an earlier run and not touched since
   * @param isPublic its public pin is in place and lets in whom it shall
   */
  public record MapInForce(StoreMap map, boolean installed, boolean isPublic) {}

  /** A row and the cgroup that it was assigned to. */
  public record AssignedRow(Cgroup cgroup, Row row) {}

  /** This state with one map more, or another in place of one of the same name. */
  public InForce withMap(MapInForce map) {
    SortedMap<MapName, MapInForce> changed = new TreeMap<>(maps);
    changed.put(map.map().name(), map);
    return new InForce(changed, rows, policies);
  }

  /** This state without a map. Rows keep what they say of it until they are assigned anew. */
  public InForce withoutMap(MapName name) {
    SortedMap<MapName, MapInForce> changed = new TreeMap<>(maps);
    changed.remove(name);
    Map<MapName, Set<String>> others = new HashMap<>(policies);
    others.remove(name);
    return new InForce(changed, rows, others);
  }

  /** This state with the policies of a map. */
  public InForce withPolicies(MapName map, Set<String> words) {
    Map<MapName, Set<String>> changed = new HashMap<>(policies);
    changed.put(map, words);
    return new InForce(maps, rows, changed);
  }

  /** This state with a row assigned. */
  public InForce withRow(AssignedRow row) {
    Map<CgroupId, AssignedRow> changed = new HashMap<>(rows);
    changed.put(row.cgroup().id(), row);
    return new InForce(maps, changed, policies);
  }

  /** This state with a row unassigned. */
  public InForce withoutRow(CgroupId cgroup) {
    Map<CgroupId, AssignedRow> changed = new HashMap<>(rows);
    changed.remove(cgroup);
    return new InForce(maps, changed, policies);
  }
}
