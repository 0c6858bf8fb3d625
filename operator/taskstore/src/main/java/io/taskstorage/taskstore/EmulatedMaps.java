package io.taskstorage.taskstore;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Maps in this process. There is no bpffs: publishing is remembered, and what is retained lives as
 * long as the store.
 */
final class EmulatedMaps implements MapHome {
  private final Map<MapName, Current> held = new HashMap<>();
  private final Map<BpfName, Current> retained = new HashMap<>();

  private record Current(StoreMap spec, EmulatedEntries entries, long late) {
    Current withLate(int more) {
      return new Current(spec, entries, late + more);
    }
  }

  @Override
  public Held install(StoreMap wanted) {
    Optional<MapName> holder =
        held.values().stream()
            .map(Current::spec)
            .filter(s -> s.bpfName().equals(wanted.bpfName()) && !s.name().equals(wanted.name()))
            .map(StoreMap::name)
            .findFirst();
    if (holder.isPresent()) {
      throw new StoreException(
          new StoreProblem.BpfNameTaken(wanted.bpfName(), wanted.name(), holder.get()));
    }
    Current before = held.get(wanted.name());
    if (before == null || !before.spec().bpfName().equals(wanted.bpfName())) {
      drop(wanted.name());
      before = retained.remove(wanted.bpfName());
    }
    return hold(wanted, before);
  }

  private Held hold(StoreMap wanted, @org.jspecify.annotations.Nullable Current before) {
    Installation how = new Installation.Created();
    EmulatedEntries entries;
    long late = 0;
    if (before != null && before.spec().layout().digest().equals(wanted.layout().digest())) {
      how = new Installation.Adopted();
      entries = before.entries();
      late = before.late();
    } else {
      entries = new EmulatedEntries(wanted.bpfName().value(), wanted.layout().sizeBytes());
      if (before != null) {
        how =
            new Installation.Replaced(
                before.spec().layout().digest(),
                List.of(Adoption.layoutDifference(before.spec().layout(), wanted.layout())));
        before.entries().close();
      }
    }
    held.put(wanted.name(), new Current(wanted, entries, late));
    return new Held(how, entries);
  }

  @Override
  public void publish(MapName map) {}

  /** Nothing is public. */
  @Override
  public boolean isTakingOver(MapName map) {
    return false;
  }

  @Override
  public long late(MapName map) {
    Current current = held.get(map);
    return current == null ? 0 : current.late();
  }

  @Override
  public void addLate(MapName map, int entries) {
    held.computeIfPresent(map, (_, current) -> current.withLate(entries));
  }

  /** No process comes after this one. */
  @Override
  public void remember(MapName map, Set<String> words) {}

  @Override
  public void remove(MapName map, Reclaim reclaim) {
    Current current = held.remove(map);
    if (current == null) {
      return;
    }
    if (reclaim == Reclaim.RETAIN) {
      retained.put(current.spec().bpfName(), current);
    } else {
      current.entries().close();
    }
  }

  @Override
  public void close() {
    held.values().forEach(current -> current.entries().close());
    retained.values().forEach(current -> current.entries().close());
    held.clear();
    retained.clear();
  }

  private void drop(MapName map) {
    Current current = held.remove(map);
    if (current != null) {
      current.entries().close();
    }
  }
}
