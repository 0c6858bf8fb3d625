package io.taskstorage.cli.preview;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where systemd puts a unit that says nothing of a slice (systemd.slice(5),
 * systemd.resource-control (5)): a slice below the slices that its name spells, an instance of a
 * template in a slice of the template, everything else in {@code system.slice}. A scope is put
 * where its maker says.
 */
final class UnitPlace {
  /** Stands for all instances of a template where one must be named; no policy names it. */
  static final String ANY_INSTANCE = "every-instance";

  private static final Pattern TEMPLATE = Pattern.compile("([^@]+)@([^@]*)\\.([a-z]+)");
  private static final Pattern USER_SERVICE =
      Pattern.compile("user(?:-runtime-dir)?@([0-9]+)\\.service");

  private UnitPlace() {}

  /** The unit's cgroup from the root of the tree, as the policy engine is asked for it. */
  static String of(String unit) {
    if (unit.endsWith(".slice")) {
      return slicePath(unit.substring(0, unit.length() - ".slice".length()));
    }
    if (unit.endsWith(".scope")) {
      return "/" + unit;
    }
    Matcher user = USER_SERVICE.matcher(unit);
    if (user.matches()) {
      return slicePath("user-" + user.group(1)) + "/" + unit;
    }
    Matcher template = TEMPLATE.matcher(unit);
    if (template.matches()) {
      String instance = template.group(2).isEmpty() ? ANY_INSTANCE : template.group(2);
      String slice = "system-" + template.group(1).replace("-", "\\x2d");
      return "%s/%s@%s.%s"
          .formatted(slicePath(slice), template.group(1), instance, template.group(3));
    }
    return "/system.slice/" + unit;
  }

  /** The same for people: empty where nobody can know it, a star for every instance. */
  static String shown(String unit) {
    return unit.endsWith(".scope") && !unit.equals("init.scope")
        ? ""
        : of(unit).replace(ANY_INSTANCE, "*");
  }

  /** True for the name of a template, which stands for all its instances. */
  static boolean isTemplate(String unit) {
    Matcher template = TEMPLATE.matcher(unit);
    return template.matches() && template.group(2).isEmpty();
  }

  private static String slicePath(String name) {
    StringBuilder path = new StringBuilder();
    for (int dash = name.indexOf('-'); dash >= 0; dash = name.indexOf('-', dash + 1)) {
      path.append('/').append(name, 0, dash).append(".slice");
    }
    return path.append('/').append(name).append(".slice").toString();
  }
}
