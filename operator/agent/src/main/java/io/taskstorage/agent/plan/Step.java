package io.taskstorage.agent.plan;

import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.StoreMap;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One thing to do to the store: plain data that names objects by map or by cgroup, so that a plan
 * can be printed, compared and tested without a kernel. Every step is idempotent.
 */
public sealed interface Step {

  /**
   * One line in the manner of bpftool: what, then its attributes two blanks apart. It tells values:
   * for whoever asked for them, as on the output of {@code run}.
   */
  String describe();

  /** The same without values, for logs: more people read those than policies. */
  default String outline() {
    return describe();
  }

  /** Make the kernel map exist, or adopt it, or make a new one beside one of another layout. */
  record InstallMap(StoreMap map) implements Step {
    @Override
    public String describe() {
      return "map %s: install  name %s  value %dB  struct %s  reclaim %s"
          .formatted(
              map.name(),
              map.bpfName(),
              map.layout().sizeBytes(),
              map.layout().typeName(),
              word(map.reclaim()));
    }
  }

  /** Put the map's pin where consumers open it. */
  record PublishMap(MapName map, BpfName bpfName) implements Step {
    @Override
    public String describe() {
      return "map %s: publish  name %s".formatted(map, bpfName);
    }
  }

  /** Unpin the map and drop it, or keep it for a later one. */
  record RemoveMap(MapName map, BpfName bpfName, Reclaim reclaim) implements Step {
    @Override
    public String describe() {
      return "map %s: remove  name %s  reclaim %s".formatted(map, bpfName, word(reclaim));
    }
  }

  /** Give a cgroup a row. */
  record Assign(DesiredRow wanted) implements Step {

    /** The maps that the row is for. */
    public Set<MapName> maps() {
      return wanted.row().values().keySet();
    }

    /** The cgroup. */
    public Cgroup cgroup() {
      return wanted.cgroup();
    }

    @Override
    public String describe() {
      String values =
          wanted.fields().entrySet().stream()
              .map(map -> "%s {%s}".formatted(map.getKey(), shown(map.getValue())))
              .collect(Collectors.joining("  "));
      return "cgroup %s: assign  path %s  %s"
          .formatted(cgroup().id(), cgroup().path(), values.isEmpty() ? "no values" : values);
    }

    @Override
    public String outline() {
      String maps =
          wanted.fields().keySet().stream()
              .map(MapName::toString)
              .collect(Collectors.joining(", "));
      return "cgroup %s: assign  path %s  maps %s"
          .formatted(cgroup().id(), cgroup().path(), maps.isEmpty() ? "none" : maps);
    }

    private static String shown(Map<String, String> fields) {
      return fields.entrySet().stream()
          .map(field -> field.getKey() + "=" + quoted(field.getValue()))
          .collect(Collectors.joining(" "));
    }

    /** A text that could be taken for several fields stands in quotes. */
    private static String quoted(String text) {
      boolean isPlain = text.matches("[^\\s\"={}]+");
      return isPlain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
  }

  /** Take a cgroup's row away: from then on it has that of the cgroup above it, or none. */
  record Unassign(Cgroup cgroup) implements Step {
    @Override
    public String describe() {
      return "cgroup %s: unassign  path %s".formatted(cgroup.id(), cgroup.path());
    }
  }

  /**
   * Bring every task in line with the rows; then what they follow from is in force.
   *
   * @param policies for each map the words of its policies
   */
  record Sweep(SortedMap<MapName, Set<String>> policies) implements Step {
    /** Copies the map. */
    public Sweep {
      policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
    }

    @Override
    public String describe() {
      return "tasks: sweep";
    }
  }

  /** The word of a manifest. */
  static String word(Reclaim reclaim) {
    return switch (reclaim) {
      case DELETE -> "Delete";
      case RETAIN -> "Retain";
    };
  }
}
