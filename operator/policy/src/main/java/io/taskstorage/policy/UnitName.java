package io.taskstorage.policy;

import java.util.Optional;
import java.util.Set;

/**
 * Names of systemd units, as systemd.unit(5) and systemd's {@code unit_name_is_valid} have them.
 *
 * <p>Escapes such as {@code \x2d} are part of a name and compared as they are.
 */
final class UnitName {

  static final int MAX_CHARACTERS = 255;

  /** Unit types with a cgroup of their own; automounts, devices, timers and so on have none. */
  private static final Set<String> TYPES =
      Set.of("service", "scope", "slice", "socket", "mount", "swap");

  /** Types of which a file {@code name@.type} makes instances; systemd's unit_type_may_template. */
  private static final Set<String> TEMPLATE_TYPES = Set.of("service", "socket");

  private UnitName() {}

  /** Why a policy cannot name this unit. */
  static Optional<String> problem(String name) {
    if (name.isEmpty()) {
      return Optional.of("empty: give the name of a unit, such as sshd.service");
    }
    if (name.length() > MAX_CHARACTERS) {
      return Optional.of(
          "a name of %d characters: unit names have at most %d"
              .formatted(name.length(), MAX_CHARACTERS));
    }
    String shown = Quote.text(name);
    if (!TYPES.contains(type(name))) {
      return Optional.of(
          shown
              + " names no unit with a cgroup: end it with"
              + " .service, .scope, .slice, .socket, .mount or .swap");
    }
    String stem = stem(name);
    if (stem.isEmpty() || stem.startsWith("@") || !stem.chars().allMatch(UnitName::isAllowed)) {
      return Optional.of(
          shown
              + " is not a unit name: use letters, digits, : - _ . \\ and, not first, @;"
              + " systemd-escape writes the rest");
    }
    if (stem.contains("@") && !TEMPLATE_TYPES.contains(type(name))) {
      return Optional.of(
          "%s has an @: only services and sockets are made from templates".formatted(shown));
    }
    return isSlice(name) ? sliceProblem(name) : Optional.empty();
  }

  private static Optional<String> sliceProblem(String name) {
    String shown = Quote.text(name);
    if (name.equals("-.slice")) {
      return Optional.of(shown + " is every task of the node: name slices below it");
    }
    if (!isWellNested(stem(name))) {
      return Optional.of(shown + " names no place among slices: no - at the ends, no two in a row");
    }
    return PodsRoot.isPodsName(name)
        ? Optional.of(shown + " holds pods, which host policies never reach: use subject.pods")
        : Optional.empty();
  }

  /** True if the unit is the named one, or an instance of the named template. */
  static boolean isNamedBy(String unit, String nameInPolicy) {
    if (unit.equals(nameInPolicy)) {
      return true;
    }
    int at = nameInPolicy.indexOf('@');
    boolean isTemplate = at >= 0 && nameInPolicy.startsWith(".", at + 1);
    // Between prefix@ and .type stands an instance, which systemd never lets be empty.
    return isTemplate
        && unit.regionMatches(0, nameInPolicy, 0, at + 1)
        && type(unit).equals(type(nameInPolicy))
        && stem(unit).length() > at + 1;
  }

  /** True if a directory of this name may be a unit; a template is none, only its instances are. */
  static boolean isLoadable(String name) {
    return name.length() <= MAX_CHARACTERS
        && TYPES.contains(type(name))
        && !stem(name).isEmpty()
        && stem(name).chars().allMatch(UnitName::isAllowed)
        && !stem(name).startsWith("@")
        && stem(name).indexOf('@') != stem(name).length() - 1
        && (!isSlice(name) || isWellNested(stem(name)));
  }

  static boolean isSlice(String name) {
    return name.endsWith(".slice");
  }

  /** The slice directly above a slice; empty if that is the root slice. */
  static Optional<String> parentSlice(String slice) {
    int dash = stem(slice).lastIndexOf('-');
    return dash < 0 ? Optional.empty() : Optional.of(slice.substring(0, dash) + ".slice");
  }

  /** True for directories whose inside may belong to somebody else than the system's manager. */
  static boolean mayBeDelegated(String directory) {
    return !isSlice(directory) && TYPES.contains(type(directory));
  }

  private static boolean isWellNested(String stem) {
    return !stem.startsWith("-") && !stem.endsWith("-") && !stem.contains("--");
  }

  private static String type(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String stem(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private static boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || ":-_.\\@".indexOf(c) >= 0;
  }
}
