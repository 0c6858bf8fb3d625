package io.taskstorage.agent.observe;

import io.taskstorage.agent.observe.InForce.MapInForce;
import io.taskstorage.bpf.Bpffs;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import io.taskstorage.taskstore.StoreException;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.StoreProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds: the records and pins in bpffs, which outlive a process, and what this
 * process knows that it did. Not thread-safe.
 */
public final class StoreObserver {
  private final Optional<PinTree> tree;

  /** The device of the bpffs that the store was opened on; empty before the first look at it. */
  private Optional<Object> device = Optional.empty();

  /** Observes the pins below {@code tree}; without a tree nothing outlives the process. */
  public StoreObserver(Optional<PinTree> tree) {
    this.tree = tree;
  }

  /**
   * Looks again. Where the pins cannot be read, what this process knows stands for them.
   *
   * @param known what this process did so far
   * @throws StoreException if another bpffs is mounted there than at the first look: the lock and
   *     the pins of this process are on the old one, so another agent may be at work on the new one
   */
  public Observed observe(ApiState api, CgroupSnapshot cgroups, InForce known) {
    if (tree.isEmpty()) {
      return new Observed(api, cgroups, known, Optional.empty());
    }
    requireSameBpffs(tree.get().root());
    try {
      return new Observed(api, cgroups, recorded(tree.get(), known), Optional.empty());
    } catch (StoreException e) {
      return new Observed(api, cgroups, known, Optional.of(e.problem()));
    }
  }

  private void requireSameBpffs(Path root) {
    if (!Bpffs.isBpffs(root)) {
      // Told with every other reason why pins cannot be read.
      return;
    }
    try {
      Object now = Files.getAttribute(root, "unix:dev");
      if (device.filter(first -> !first.equals(now)).isPresent()) {
        throw new StoreException(
            new StoreProblem.FolderRefused(
                "open",
                root,
                "another bpffs was mounted there while the agent ran",
                "start it again"));
      }
      device = Optional.of(now);
    } catch (IOException e) {
      // It went between the two looks: the next one tells.
      return;
    }
  }

  private InForce recorded(PinTree pins, InForce known) {
    SortedMap<MapName, MapInForce> maps = new TreeMap<>();
    Map<MapName, Set<String>> words = new HashMap<>();
    for (RecordedMap record : Records.list(pins)) {
      if (!record.retained()) {
        MapInForce seen = seen(pins, record, known.maps().get(record.name()));
        if (!maps.containsKey(record.name()) || Records.isPublic(pins, record)) {
          maps.put(record.name(), seen);
        }
        if (!known.policies().containsKey(record.name())) {
          words.merge(record.name(), Records.words(record), StoreObserver::inBoth);
        }
      }
    }
    known.policies().forEach(words::put);
    words.keySet().retainAll(maps.keySet());
    return new InForce(maps, known.rows(), words);
  }

  /** Of two records of one map one is about to go, and one is new. */
  private static Set<String> inBoth(Set<String> one, Set<String> other) {
    return one.stream().filter(other::contains).collect(Collectors.toUnmodifiableSet());
  }

  private static MapInForce seen(PinTree pins, RecordedMap record, @Nullable MapInForce known) {
    boolean isPublic = Records.isPublicAsWanted(pins, record);
    StoreMap recorded =
        new StoreMap(record.name(), record.bpfName(), record.layout(), record.reclaim());
    boolean isInstalled = known != null && known.installed() && known.map().equals(recorded);
    return new MapInForce(recorded, isInstalled, isPublic);
  }
}
