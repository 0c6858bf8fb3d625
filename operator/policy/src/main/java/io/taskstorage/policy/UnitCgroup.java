package io.taskstorage.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which systemd unit a cgroup belongs to, by its path alone.
 *
 * <p>The system's manager puts a slice {@code a-b.slice} at {@code /a.slice/a-b.slice} and every
 * other unit directly into its slice (systemd's {@code cg_slice_to_path}). Everything else, above
 * all what lies inside a service or scope, may be made by whoever that part is delegated to and is
 * no unit of the system, whatever its name says: invariant (H).
 */
final class UnitCgroup {

  /** Attributes of cgroup v1 without a prefix, which a directory cannot be named after. */
  private static final Set<String> ATTRIBUTES =
      Set.of("notify_on_release", "release_agent", "tasks");

  /** Prefixes of attributes; {@code cpu.service} would look like an attribute of cpu. */
  private static final Set<String> CONTROLLERS =
      Set.of(
          "cpu",
          "cpuacct",
          "cpuset",
          "io",
          "blkio",
          "memory",
          "devices",
          "pids",
          "bpf-firewall",
          "bpf-devices",
          "bpf-foreign",
          "bpf-socket-bind",
          "bpf-restrict-network-interfaces",
          "bpf-bind-network-interface");

  private UnitCgroup() {}

  /** The unit whose own cgroup this is. */
  static Optional<String> unitAt(String path) {
    List<String> names = CgroupPath.names(path);
    Optional<String> slice = Optional.empty();
    for (int i = 0; i < names.size(); i++) {
      Optional<String> unit = unescape(names.get(i)).filter(UnitName::isLoadable);
      boolean isLast = i == names.size() - 1;
      if (unit.isEmpty() || !isAtItsPlace(unit.get(), slice, isLast)) {
        return Optional.empty();
      }
      slice = unit;
    }
    return slice;
  }

  /** False if a directory of this name can never belong to the unit, or to the template. */
  static boolean mayBelongTo(String directory, String unit) {
    return UnitName.isNamedBy(directory, unit)
        || (directory.startsWith("_") && UnitName.isNamedBy(directory.substring(1), unit));
  }

  private static boolean isAtItsPlace(String unit, Optional<String> slice, boolean isLast) {
    return UnitName.isSlice(unit) ? UnitName.parentSlice(unit).equals(slice) : isLast;
  }

  /**
   * The name behind a directory's name: systemd puts an underscore before names that the kernel
   * keeps for attributes and before those that begin with an underscore or a dot.
   *
   * <p>Which controllers there are has changed over systemd's versions, so a name with the prefix
   * of a controller is taken without the underscore too.
   */
  private static Optional<String> unescape(String directory) {
    if (!directory.startsWith("_")) {
      return Optional.of(directory);
    }
    String name = directory.substring(1);
    return needsEscape(name) ? Optional.of(name) : Optional.empty();
  }

  private static boolean needsEscape(String name) {
    return name.startsWith("_")
        || name.startsWith(".")
        || name.startsWith("cgroup.")
        || ATTRIBUTES.contains(name)
        || CONTROLLERS.stream().anyMatch(controller -> name.startsWith(controller + "."));
  }
}
