package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.inkernel.ProgramSet;
import io.taskstorage.taskstore.inkernel.TallyField;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks in line by programs in the kernel: a new task has its entries before it runs, a walk
 * over all tasks brings in line what was there. Another set of maps needs another set of programs,
 * which is attached before the one that it replaces goes.
 */
final class InKernelTaskStore implements TaskStore {
  /** As often a walk is repeated while it finds something to do. */
  private static final int MAX_WALKS = 4;

  private static final Set<TallyField> CHANGES =
      Set.of(
          TallyField.MADE,
          TallyField.LATE,
          TallyField.OVERWRITTEN,
          TallyField.FOREIGN,
          TallyField.DELETED);

  private final MapHome home;
  private final ProgramFolders folders;
  private final Membership membership;
  private final TaskOpener opener;
  private final Map<MapName, ManagedMap> maps = new TreeMap<>();
  private final Map<CgroupId, Row> rows = new HashMap<>();
  private List<ManagedMap> inSet = List.of();
  private @Nullable ProgramSet set;

  /** The tasks of a row that went have another one now, which may have been in force for long. */
  private boolean hasRowGone;

  InKernelTaskStore(
      MapHome home, ProgramFolders folders, Membership membership, TaskOpener opener) {
    this.home = home;
    this.folders = folders;
    this.membership = membership;
    this.opener = opener;
  }

  @Override
  public Plane plane() {
    return Plane.IN_KERNEL;
  }

  @Override
  public Installation install(StoreMap map) {
    MapHome.Held held = home.install(map);
    maps.put(map.name(), new ManagedMap(map, held.entries()));
    if (!(held.installation() instanceof Installation.Adopted)) {
      forgetValues(map.name());
    }
    return held.installation();
  }

  @Override
  public void publish(MapName map) {
    installed("publish", map);
    home.publish(map);
  }

  /** The programs would keep the map: they are made anew without it first. */
  @Override
  public void remove(MapName map, Reclaim reclaim) {
    maps.remove(map);
    forgetValues(map);
    renewed();
    home.remove(map, reclaim);
  }

  @Override
  public void assign(CgroupId cgroup, Row row) {
    row.values().forEach((map, value) -> requireFits(cgroup, map, value));
    rows.put(cgroup, row);
    if (isOfMaps()) {
      put(Objects.requireNonNull(set), cgroup, row);
    }
  }

  @Override
  public void unassign(CgroupId cgroup) {
    hasRowGone |= rows.remove(cgroup) != null;
    if (set != null) {
      set.unassign(cgroup.value());
    }
  }

  @Override
  public SweepResult sweep() {
    Optional<ProgramSet> programs = renewed();
    List<Map<TallyField, Long>> sum = new ArrayList<>();
    programs.ifPresent(
        of -> {
          boolean isDone = false;
          for (int i = 0; i < MAX_WALKS && !isDone; i++) {
            List<Map<TallyField, Long>> walk = of.sweep();
            isDone = walk.stream().noneMatch(InKernelTaskStore::isChange);
            add(sum, walk);
          }
          of.advance();
        });
    SweepResult result = result(sum);
    hasRowGone = false;
    return result;
  }

  @Override
  public SweepResult verify() {
    return result(renewed().map(ProgramSet::verify).orElse(List.of()));
  }

  @Override
  public List<Entry> entries(MapName map) {
    ManagedMap managed = installed("entries", map);
    ProgramSet programs = renewed().orElseThrow();
    Map<Long, String> paths =
        membership.cgroups().cgroups().stream()
            .collect(Collectors.toMap(cgroup -> cgroup.id().value(), Cgroup::path));
    return programs.list(inSet.indexOf(managed)).stream()
        .map(
            found ->
                new Entry(
                    found.tid(),
                    found.pid(),
                    ProcFs.comm(found.pid(), found.tid()).orElse(""),
                    paths.getOrDefault(found.cgroup(), ""),
                    found.value()))
        .sorted(Comparator.comparingInt(Entry::tid))
        .toList();
  }

  @Override
  public EntryAccess access(MapName map) {
    return new EntryAccess(installed("access", map).entries(), opener);
  }

  @Override
  public void close() {
    if (set != null) {
      set.close();
      set = null;
    }
    maps.clear();
    home.close();
  }

  /** True if the programs are those of the installed maps. */
  private boolean isOfMaps() {
    return set != null && inSet.equals(List.copyOf(maps.values()));
  }

  /** The programs of the installed maps, attached with all rows; none where there is no map. */
  private Optional<ProgramSet> renewed() {
    if (isOfMaps()) {
      return Optional.ofNullable(set);
    }
    ProgramSet before = set;
    List<ManagedMap> mapsBefore = inSet;
    try {
      inSet = List.copyOf(maps.values());
      set = inSet.isEmpty() ? null : inForce(before == null);
      if (set == null) {
        folders.dropAll();
      }
      if (before != null) {
        before.close();
      }
      if (set != null) {
        // What the set before is in the middle of would be stored after the sweep that follows.
        set.awaitPrograms();
      }
      return Optional.ofNullable(set);
    } catch (BpfException e) {
      inSet = mapsBefore;
      throw new StoreException(new StoreProblem.KernelRefused(e));
    } catch (StoreException e) {
      inSet = mapsBefore;
      throw e;
    }
  }

  /** What an earlier process left in force, where it fits; else another set, pinned beside it. */
  private ProgramSet inForce(boolean isFirst) {
    List<ProgramSet.SetMap> now = inSet.stream().map(InKernelTaskStore::ofSet).toList();
    Optional<Path> left = isFirst ? folders.newest() : Optional.empty();
    Optional<ProgramSet> adopted = left.flatMap(folder -> ProgramSet.adopt(now, folder));
    if (adopted.isPresent()) {
      return adopted(adopted.get(), left.orElseThrow());
    }
    ProgramSet next = ProgramSet.load(now);
    try {
      rows.forEach((cgroup, row) -> put(next, cgroup, row));
      next.attach();
      Path folder = folders.begin();
      next.pin(folder, folders::pinned);
      folders.complete(folder);
      folders.dropAllBut(folder);
      return next;
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
  }

  /** Its rows become those that were stated to this process, and none besides. */
  private ProgramSet adopted(ProgramSet earlier, Path folder) {
    try {
      rows.forEach((cgroup, row) -> put(earlier, cgroup, row));
      for (long cgroup : earlier.cgroups()) {
        if (!rows.containsKey(new CgroupId(cgroup))) {
          earlier.unassign(cgroup);
        }
      }
      folders.dropAllBut(folder);
      return earlier;
    } catch (RuntimeException e) {
      earlier.close();
      throw e;
    }
  }

  private static ProgramSet.SetMap ofSet(ManagedMap map) {
    if (!(map.entries() instanceof BpfMap entries)) {
      throw new IllegalStateException("load programs for " + map.name() + ": not a kernel map");
    }
    return new ProgramSet.SetMap(
        entries, map.spec().layout().sizeBytes(), map.spec().layout().ownedRanges());
  }

  private void put(ProgramSet programs, CgroupId cgroup, Row row) {
    try {
      programs.assign(cgroup.value(), inSet.stream().map(map -> row.value(map.name())).toList());
    } catch (BpfException e) {
      throw new StoreException(new StoreProblem.KernelRefused(e));
    }
  }

  private static boolean isChange(Map<TallyField, Long> counts) {
    return CHANGES.stream().anyMatch(field -> counts.getOrDefault(field, 0L) != 0);
  }

  /** What is done adds up; what is there the last walk says. */
  private static void add(List<Map<TallyField, Long>> sum, List<Map<TallyField, Long>> walk) {
    for (int i = 0; i < walk.size(); i++) {
      Map<TallyField, Long> of = new HashMap<>(walk.get(i));
      if (i < sum.size()) {
        Map<TallyField, Long> before = sum.get(i);
        CHANGES.forEach(field -> of.merge(field, before.getOrDefault(field, 0L), Long::sum));
        sum.set(i, of);
      } else {
        sum.add(of);
      }
    }
  }

  private SweepResult result(List<Map<TallyField, Long>> tallies) {
    Map<MapName, SweepCounts> counts = new HashMap<>();
    for (int i = 0; i < tallies.size(); i++) {
      counts.put(inSet.get(i).name(), counts(tallies.get(i)));
    }
    Set<CgroupId> there =
        membership.cgroups().cgroups().stream().map(Cgroup::id).collect(Collectors.toSet());
    int tasks = tallies.isEmpty() ? 0 : count(tallies.getFirst(), TallyField.IN_ROWS);
    int gone = (int) rows.keySet().stream().filter(cgroup -> !there.contains(cgroup)).count();
    return new SweepResult(counts, List.of(), 0, tasks, gone, 0);
  }

  private SweepCounts counts(Map<TallyField, Long> tally) {
    int foreign = count(tally, TallyField.FOREIGN);
    int late = count(tally, TallyField.LATE);
    return new SweepCounts(
        count(tally, TallyField.PRESENT),
        count(tally, TallyField.MADE) + (hasRowGone ? late : 0),
        count(tally, TallyField.OVERWRITTEN) + (hasRowGone ? foreign : 0),
        count(tally, TallyField.DELETED),
        hasRowGone ? 0 : foreign,
        hasRowGone ? 0 : late,
        count(tally, TallyField.FAILED));
  }

  private static int count(Map<TallyField, Long> tally, TallyField field) {
    return Math.toIntExact(tally.getOrDefault(field, 0L));
  }

  /** A map of another layout, or none, has none of the entries that rows speak of. */
  private void forgetValues(MapName map) {
    rows.replaceAll((cgroup, row) -> row.without(map));
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
