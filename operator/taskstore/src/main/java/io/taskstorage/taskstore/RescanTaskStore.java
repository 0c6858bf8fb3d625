package io.taskstorage.taskstore;

import io.taskstorage.layout.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps tasks in line from user space: each {@link #sweep} walks them once, by pidfd. Closing it
 * leaves pinned maps and their entries in the kernel.
 */
final class RescanTaskStore implements TaskStore {
  private final Plane plane;
  private final MapHome home;
  private final Membership membership;
  private final TaskOpener opener;
  private final Map<MapName, ManagedMap> maps = new TreeMap<>();
  private final Map<CgroupId, Row> rows = new HashMap<>();
  private final Map<CgroupId, Set<MapName>> overdue = new HashMap<>();
  private Map<CgroupId, Row> inForce = Map.of();
  private Ledger ledger = new Ledger();
  // A predecessor that died, or a map that was kept, may have left entries anywhere.
  private boolean straysUnknown = true;

  RescanTaskStore(Plane plane, MapHome home, Membership membership, TaskOpener opener) {
    this.plane = plane;
    this.home = home;
    this.membership = membership;
    this.opener = opener;
  }

  @Override
  public Plane plane() {
    return plane;
  }

  @Override
  public Installation install(StoreMap map) {
    ManagedMap managed = maps.get(map.name());
    MapHome.Held held = home.install(map);
    maps.put(map.name(), new ManagedMap(map, held.entries()));
    switch (held.installation()) {
      case Installation.Adopted adopted -> straysUnknown |= managed == null;
      case Installation.Created created -> forgetValues(map.name());
      case Installation.Replaced replaced -> forgetValues(map.name());
    }
    return held.installation();
  }

  @Override
  public void publish(MapName map) {
    installed("publish", map);
    home.publish(map);
  }

  @Override
  public void remove(MapName map, Reclaim reclaim) {
    maps.remove(map);
    forgetValues(map);
    home.remove(map, reclaim);
  }

  @Override
  public void assign(CgroupId cgroup, Row row, Set<MapName> overdueMaps) {
    row.values().forEach((map, value) -> requireFits(cgroup, map, value));
    rows.put(cgroup, row);
    overdue.put(cgroup, Set.copyOf(overdueMaps));
  }

  @Override
  public void unassign(CgroupId cgroup) {
    rows.remove(cgroup);
    overdue.remove(cgroup);
  }

  @Override
  public SweepResult sweep() {
    Pass.Outcome outcome = pass(false);
    ledger = outcome.after();
    if (outcome.completed()) {
      inForce = Map.copyOf(rows);
      overdue.clear();
      straysUnknown = false;
    }
    home.addLate(outcome.result(), outcome.result().maps().keySet());
    return outcome.result();
  }

  @Override
  public Map<MapName, Long> late() {
    return home.late(maps.keySet());
  }

  @Override
  public void remember(MapName map, Set<String> words) {
    installed("remember", map);
    home.remember(map, words);
  }

  @Override
  public SweepResult verify() {
    return pass(true).result();
  }

  @Override
  public List<Entry> entries(MapName map) {
    return EntryList.read(installed("entries", map).entries(), membership, opener);
  }

  @Override
  public EntryAccess access(MapName map) {
    return new EntryAccess(installed("access", map).entries(), opener);
  }

  @Override
  public void close() {
    maps.clear();
    home.close();
  }

  private Pass.Outcome pass(boolean dryRun) {
    Pass.Plan plan = new Pass.Plan(rows, inForce, overdue, maps.values(), ledger, straysUnknown);
    return new Pass(opener, membership, plan, dryRun).run();
  }

  /** A map of another layout, or none, has none of the entries that rows and ledger speak of. */
  private void forgetValues(MapName map) {
    ledger.forget(map);
    rows.replaceAll((cgroup, row) -> row.without(map));
    Map<CgroupId, Row> forgotten = new HashMap<>();
    inForce.forEach((cgroup, row) -> forgotten.put(cgroup, row.without(map)));
    inForce = forgotten;
  }

  private void requireFits(CgroupId cgroup, MapName map, Value value) {
    int expected = installed("assign cgroup " + cgroup, map).spec().layout().sizeBytes();
    if (value.sizeBytes() != expected) {
      throw new IllegalArgumentException(
          "assign cgroup %s: value for map %s has %d bytes, not %d: it is of another layout"
              .formatted(cgroup, map, value.sizeBytes(), expected));
    }
  }

  private ManagedMap installed(String operation, MapName map) {
    ManagedMap managed = maps.get(map);
    if (managed == null) {
      throw new IllegalArgumentException(
          operation + ": map " + map + " is not installed: install it first");
    }
    return managed;
  }
}
