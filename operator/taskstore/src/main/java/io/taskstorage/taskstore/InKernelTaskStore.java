package io.taskstorage.taskstore;

import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.inkernel.EntryWalk;
import io.taskstorage.taskstore.inkernel.NodePrograms;
import io.taskstorage.taskstore.inkernel.ProgramSet;
import io.taskstorage.taskstore.inkernel.ProgramSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps tasks in line by programs in the kernel: a new task has its entries before it runs, a walk
 * over all tasks brings in line what was there. Another set of maps needs another set of programs,
 * which is attached before the one that it replaces goes.
 */
final class InKernelTaskStore implements TaskStore {
  /** As often a walk is repeated while it finds something to do. */
  private static final int MAX_WALKS = 4;

  private final MapHome home;
  private final Membership membership;
  private final TaskOpener opener;
  private final Map<MapName, ManagedMap> maps = new TreeMap<>();
  private final StatedRows rows = new StatedRows();
  private final ProgramSets sets;
  private final KeptMaps kept;
  private final Guard guard;

  private final KernelNews news = new KernelNews();

  InKernelTaskStore(
      MapHome home,
      ProgramFolders folders,
      ProgramSource source,
      Membership membership,
      TaskOpener opener) {
    this.home = home;
    this.sets = new ProgramSets(folders, source, rows);
    this.kept = new KeptMaps(folders);
    this.guard = new Guard(sets);
    this.membership = membership;
    this.opener = opener;
  }

  @Override
  public Plane plane() {
    return Plane.IN_KERNEL;
  }

  @Override
  public Installation install(StoreMap map) {
    SortedMap<MapName, ManagedMap> others = inForce();
    others.remove(map.name());
    if (others.size() >= NodePrograms.MAX_MAPS) {
      throw new StoreException(new StoreProblem.TooManyMaps(map.name(), NodePrograms.MAX_MAPS));
    }
    MapHome.Held held = home.install(map);
    maps.put(map.name(), new ManagedMap(map, held.entries()));
    kept.end(map.name());
    if (!(held.installation() instanceof Installation.Adopted)) {
      rows.forgetValues(map.name());
    }
    return held.installation();
  }

  /** With the last map of another form that becomes public, the programs of the old forms go. */
  @Override
  public void publish(MapName map) {
    installed("publish", map);
    home.publish(map);
    if (!isTakingOver() && sets.settle()) {
      // They stored by rows of before this turn until now.
      news.sweepDue();
    }
  }

  /**
   * The programs would keep the map: they are made anew without it first. Those of an earlier
   * process stay until the sweep, for the maps that go on may not be installed yet.
   */
  @Override
  public void remove(MapName map, Reclaim reclaim) {
    maps.remove(map);
    kept.end(map);
    rows.forgetValues(map);
    if (sets.current().isPresent()) {
      renewed();
    }
    home.remove(map, reclaim);
  }

  @Override
  public void assign(CgroupId cgroup, Row row, Set<MapName> overdue) {
    row.values().forEach((map, value) -> requireFits(cgroup, map, value));
    Optional<ProgramSet> ofMaps = sets.current().filter(_ -> kept.isEmpty() && sets.isOf(wanted()));
    rows.assign(cgroup, row, overdue, ofMaps.map(this::target));
  }

  @Override
  public void unassign(CgroupId cgroup) {
    rows.unassign(cgroup);
    // What is kept of it goes on; the next sweep puts what remains of its row.
    sets.current().filter(_ -> kept.isEmpty()).ifPresent(set -> set.unassign(cgroup.value()));
  }

  @Override
  public SweepResult sweep() {
    return sweep(membership.cgroups());
  }

  @Override
  public SweepResult sweep(CgroupSnapshot seen) {
    // Where nothing was published after the sweep before, nothing waits for it any more.
    sets.settle();
    // A move that the sweep may meet is known before it, and so no foreign write.
    catchUp();
    renewed();
    // Of a set that was adopted just now nobody has taken events.
    catchUp();
    boolean isUntold = sets.hasLostEvents();
    boolean isMoved = news.takeMoved() || isUntold;
    Guard.Restored restored = guard.look();
    Optional<ProgramSet> programs = sets.current();
    programs.map(this::target).ifPresent(rows::putLeftOut);
    Set<CgroupId> there = seen.ids();
    WalkSum sum = sum(isMoved || rows.isOneUnassigned(there));
    programs.ifPresent(
        of -> {
          boolean isChanged = true;
          for (int i = 0; i < MAX_WALKS && isChanged; i++) {
            isChanged = sum.add(of.sweep());
          }
          of.advance();
        });
    rows.swept();
    SweepResult result = sum.result(rows.gone(there), rows.leftOut());
    news.swept(!result.failures().isEmpty());
    home.addLate(result, maps.keySet());
    kept.addLate(result);
    return result.with(restored);
  }

  private void catchUp() {
    sets.current().ifPresent(ProgramSet::catchUp);
    news.seen();
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
    Optional<ProgramSet> programs = renewed();
    Set<CgroupId> there = membership.cgroups().ids();
    WalkSum sum = sum(rows.isOneUnassigned(there));
    programs.ifPresent(of -> sum.add(of.verify()));
    return sum.result(rows.gone(there), rows.leftOut());
  }

  private WalkSum sum(boolean isMoved) {
    return new WalkSum(sets.maps().stream().map(ManagedMap::name).toList(), isMoved);
  }

  @Override
  public void listen(Wake wake) {
    news.wake(wake);
    sets.listen(news::told);
  }

  @Override
  public boolean isSweepDue() {
    return news.isSweepDue();
  }

  @Override
  public Starts starts() {
    return sets.starts();
  }

  @Override
  public List<Entry> entries(MapName map) {
    ManagedMap managed = installed("entries", map);
    ProgramSet programs = renewed().orElseThrow();
    return EntryWalk.isFor(managed.spec().layout().sizeBytes())
        ? EntryList.of(programs.list(sets.maps().indexOf(managed)), membership)
        : EntryList.read(managed.entries(), membership, opener);
  }

  @Override
  public EntryAccess access(MapName map) {
    return new EntryAccess(installed("access", map).entries(), opener);
  }

  @Override
  public void close() {
    sets.close();
    kept.close();
    maps.clear();
    home.close();
  }

  /** Those that are installed, and those that are kept. */
  private SortedMap<MapName, ManagedMap> inForce() {
    SortedMap<MapName, ManagedMap> all = new TreeMap<>(maps);
    kept.maps().forEach(map -> all.put(map.name(), map));
    return all;
  }

  /** The maps that programs are for, in their order. */
  private List<ManagedMap> wanted() {
    return List.copyOf(inForce().values());
  }

  /** The programs of these maps, attached with all rows; none where there is no map. */
  private Optional<ProgramSet> renewed() {
    kept.find(maps.keySet());
    if (kept.isEmpty()) {
      rows.keepNothing();
    } else {
      rows.keep(kept.rows(), membership.cgroups());
    }
    List<ManagedMap> wanted = wanted();
    if (!sets.isOf(wanted)) {
      return sets.of(wanted, isTakingOver());
    }
    if (!kept.isEmpty()) {
      sets.restate();
    }
    return sets.of(wanted, false);
  }

  /** A map is public in another form than it is installed in, until it is published. */
  private boolean isTakingOver() {
    return maps.keySet().stream().anyMatch(home::isTakingOver);
  }

  private StatedRows.Target target(ProgramSet programs) {
    return new StatedRows.Target(programs, sets.maps());
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
