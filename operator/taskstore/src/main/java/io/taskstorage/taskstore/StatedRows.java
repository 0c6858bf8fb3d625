package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.inkernel.ProgramSet;
import io.taskstorage.taskstore.inkernel.RowValue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The rows as they were stated, and how they come into the table of a set of programs. */
final class StatedRows {
  private final Map<CgroupId, Stated> rows = new HashMap<>();

  /** What goes to the table: the rows, each together with what is kept for its cgroup. */
  private Map<CgroupId, Stated> complete = rows;

  /** A row, and the maps of which it is overdue. */
  private record Stated(Row row, Set<MapName> overdue) {}

  /** Those that found no room: tried again with every sweep. */
  private final Set<CgroupId> leftOut = new TreeSet<>(Comparator.comparingLong(CgroupId::value));

  /** Since the last sweep. */
  private final Set<CgroupId> unassigned = new HashSet<>();

  /**
   * A set of programs and its maps, in its order.
   *
   * @param programs those in force
   */
  record Target(ProgramSet programs, List<ManagedMap> maps) {
    /**
     * One row.
     *
     * @throws StoreException if there is no room, or the kernel refuses; nothing has changed
     */
    private void put(CgroupId cgroup, Stated stated) {
      try {
        programs.assign(
            cgroup.value(),
            maps.stream()
                .map(
                    map ->
                        new RowValue(
                            stated.row().value(map.name()), stated.overdue().contains(map.name())))
                .toList());
      } catch (BpfException e) {
        throw new StoreException(
            e.errno().equals(Errno.E2BIG)
                ? new StoreProblem.TooManyValues(cgroup)
                : new StoreProblem.KernelRefused(e));
      }
    }
  }

  /**
   * From now on a cgroup has this row.
   *
   * @param overdue as in {@link TaskStore#assign(CgroupId, Row, Set)}
   * @param target where it comes at once; empty where a set of programs is yet to be made
   * @throws StoreException if there is no room, or the kernel refuses; nothing has changed
   */
  void assign(CgroupId cgroup, Row row, Set<MapName> overdue, Optional<Target> target) {
    Stated stated = new Stated(row, Set.copyOf(overdue));
    target.ifPresent(of -> of.put(cgroup, stated));
    rows.put(cgroup, stated);
    leftOut.remove(cgroup);
  }

  /** A cgroup has no row of its own any more. */
  void unassign(CgroupId cgroup) {
    leftOut.remove(cgroup);
    if (rows.remove(cgroup) != null) {
      unassigned.add(cgroup);
    }
  }

  /** Whether {@link #putAll} puts a row of this cgroup. */
  boolean contains(CgroupId cgroup) {
    return complete.containsKey(cgroup);
  }

  /** Nothing is kept besides what is stated. */
  void keepNothing() {
    complete = rows;
  }

  /**
   * What cgroups had before goes on in maps of which no row speaks: each row gets what its cgroup
   * had, or the nearest above it, and a cgroup that had something of its own has a row still.
   *
   * @param kept the rows of these maps
   * @param there the tree
   */
  void keep(Map<CgroupId, Row> kept, CgroupSnapshot there) {
    Map<CgroupId, CgroupId> ofRows = there.deciders(rows.keySet());
    Map<CgroupId, CgroupId> ofKept = there.deciders(kept.keySet());
    Set<CgroupId> all = new HashSet<>(rows.keySet());
    all.addAll(kept.keySet());
    Map<CgroupId, Stated> both = new HashMap<>();
    for (CgroupId cgroup : all) {
      Stated stated = rows.get(ofRows.getOrDefault(cgroup, cgroup));
      Row before = kept.get(ofKept.getOrDefault(cgroup, cgroup));
      Map<MapName, Value> values = new HashMap<>();
      if (before != null) {
        values.putAll(before.values());
      }
      if (stated != null) {
        values.putAll(stated.row().values());
      }
      both.put(cgroup, new Stated(new Row(values), stated == null ? Set.of() : stated.overdue()));
    }
    complete = both;
  }

  /** A map of another layout, or none, has none of the entries that rows speak of. */
  void forgetValues(MapName map) {
    rows.replaceAll((cgroup, of) -> new Stated(of.row().without(map), of.overdue()));
  }

  /** As many rows as there is room for. */
  void putAll(Target target) {
    leftOut.clear();
    leftOut.addAll(complete.keySet());
    putLeftOut(target);
  }

  /** Those that found no room before, as far as there is room now. */
  void putLeftOut(Target target) {
    leftOut.removeIf(
        cgroup -> isPut(target, cgroup, Objects.requireNonNull(complete.get(cgroup), "row")));
  }

  private static boolean isPut(Target target, CgroupId cgroup, Stated row) {
    try {
      target.put(cgroup, row);
      return true;
    } catch (StoreException e) {
      if (e.problem() instanceof StoreProblem.TooManyValues) {
        return false;
      }
      throw e;
    }
  }

  /** The cgroups whose row found no room. */
  Set<CgroupId> leftOut() {
    return leftOut;
  }

  /** Whether one of these cgroups has lost its row since the last sweep. */
  boolean isOneUnassigned(Set<CgroupId> there) {
    return unassigned.stream().anyMatch(there::contains);
  }

  /** A sweep is done. */
  void swept() {
    unassigned.clear();
  }

  /** How many cgroups with a row are not among these. */
  int gone(Set<CgroupId> there) {
    return (int) rows.keySet().stream().filter(cgroup -> !there.contains(cgroup)).count();
  }
}
