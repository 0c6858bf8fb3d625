package io.taskstorage.taskstore;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.inkernel.EarlierSet;
import io.taskstorage.taskstore.inkernel.NodePrograms;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The maps for which an earlier process has left programs in force, and which this one has neither
 * installed nor removed: an installation was refused for a moment, or what is asked for is not
 * wholly known yet. They go on in each set of programs, with what cgroups had in them, until they
 * are installed or removed.
 */
final class KeptMaps implements AutoCloseable {
  private final ProgramFolders folders;
  private final SortedMap<MapName, Kept> maps = new TreeMap<>();
  private final Map<CgroupId, Row> rows = new HashMap<>();
  private boolean isLookedFor;

  private record Kept(ManagedMap map, BpfMap entries, Path record) {}

  /** Nothing was looked for yet. */
  KeptMaps(ProgramFolders folders) {
    this.folders = folders;
  }

  /**
   * Looks once for them, before the first set of this process takes the place of the earlier one.
   *
   * @param installed the maps that are not among them
   * @throws StoreException if the kernel refuses; nothing is kept yet then
   */
  void find(Set<MapName> installed) {
    if (isLookedFor) {
      return;
    }
    try {
      Optional<EarlierSet> earlier = folders.newest().flatMap(EarlierSet::read);
      earlier.ifPresent(set -> find(set, installed));
      isLookedFor = true;
    } catch (BpfException e) {
      close();
      throw new StoreException(new StoreProblem.KernelRefused(e));
    } catch (StoreException e) {
      close();
      throw e;
    }
  }

  private void find(EarlierSet earlier, Set<MapName> installed) {
    int room = NodePrograms.MAX_MAPS - installed.size();
    Map<MapName, Integer> places = new HashMap<>();
    for (RecordedMap record : folders.records()) {
      MapName name = record.name();
      if (installed.contains(name) || maps.containsKey(name) || maps.size() >= room) {
        continue;
      }
      BpfMap entries = BpfMap.open(record.pin(), Access.READ_WRITE);
      int place = earlier.maps().indexOf(entries.info().id());
      if (place < 0 || entries.info().valueSize() != record.layout().sizeBytes()) {
        entries.close();
        continue;
      }
      StoreMap spec = new StoreMap(name, record.bpfName(), record.layout(), record.reclaim());
      maps.put(name, new Kept(new ManagedMap(spec, entries), entries, record.folder()));
      places.put(name, place);
    }
    if (!maps.isEmpty()) {
      earlier.rows().forEach((cgroup, of) -> rows.put(new CgroupId(cgroup), row(of, places)));
    }
  }

  private static Row row(List<Optional<Value>> of, Map<MapName, Integer> places) {
    Map<MapName, Value> values = new HashMap<>();
    places.forEach((name, place) -> of.get(place).ifPresent(value -> values.put(name, value)));
    return new Row(values);
  }

  boolean isEmpty() {
    return maps.isEmpty();
  }

  /** Those that are kept. */
  Collection<ManagedMap> maps() {
    return maps.values().stream().map(Kept::map).toList();
  }

  /** What cgroups had in them, for each cgroup that had a row. */
  Map<CgroupId, Row> rows() {
    return rows;
  }

  /** A map was installed or removed: it is not kept any more. */
  void end(MapName map) {
    Kept kept = maps.remove(map);
    if (kept != null) {
      kept.entries().close();
      rows.replaceAll((_, row) -> row.without(map));
    }
    if (maps.isEmpty()) {
      rows.clear();
    }
  }

  /** Adds up, in the maps' records, what a pass has counted. */
  void addLate(SweepResult swept) {
    maps.forEach(
        (name, kept) -> {
          int late = swept.counts(name).late();
          if (late > 0) {
            folders.memory().setLate(kept.record(), RecordMemory.late(kept.record()) + late);
          }
        });
  }

  @Override
  public void close() {
    maps.values().forEach(kept -> kept.entries().close());
    maps.clear();
    rows.clear();
  }
}
