package io.taskstorage.agent.observe;

import io.taskstorage.agent.observe.InForce.MapInForce;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import io.taskstorage.taskstore.StoreException;
import io.taskstorage.taskstore.StoreMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds: the records and pins in bpffs, which outlive a process, and what this
 * process knows that it did. Not thread-safe.
 */
public final class StoreObserver {
  private final Optional<PinTree> tree;

  /** Observes the pins below {@code tree}; without a tree nothing outlives the process. */
  public StoreObserver(Optional<PinTree> tree) {
    this.tree = tree;
  }

  /**
   * Looks again. Where the pins cannot be read, what this process knows stands for them.
   *
   * @param known what this process did so far
   */
  public Observed observe(ApiState api, CgroupSnapshot cgroups, InForce known) {
    if (tree.isEmpty()) {
      return new Observed(api, cgroups, known, Optional.empty());
    }
    try {
      return new Observed(api, cgroups, recorded(tree.get(), known), Optional.empty());
    } catch (StoreException e) {
      return new Observed(api, cgroups, known, Optional.of(e.problem()));
    }
  }

  private InForce recorded(PinTree pins, InForce known) {
    SortedMap<MapName, MapInForce> maps = new TreeMap<>();
    for (RecordedMap record : Records.list(pins)) {
      if (!record.retained()) {
        MapInForce seen = seen(pins, record, known.maps().get(record.name()));
        maps.merge(record.name(), seen, (one, other) -> other.isPublic() ? other : one);
      }
    }
    return new InForce(maps, known.rows());
  }

  private static MapInForce seen(PinTree pins, RecordedMap record, @Nullable MapInForce known) {
    boolean isPublic = Records.isPublic(pins, record);
    StoreMap recorded =
        new StoreMap(record.name(), record.bpfName(), record.layout(), record.reclaim());
    boolean isInstalled = known != null && known.installed() && known.map().equals(recorded);
    return new MapInForce(recorded, isInstalled, isPublic);
  }
}
