package io.taskstorage.api.manifest;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which parts of an object somebody asks for. What nobody asks for need not be kept: that is most
 * of a file with the pods of a cluster.
 *
 * <p>The elements of an array have the parts that the array has.
 */
public final class Parts {
  /** Everything. */
  public static final Parts ALL = new Parts(true, Map.of());

  /** Nothing. */
  public static final Parts NONE = new Parts(false, Map.of());

  private final boolean isAll;
  private final Map<String, Parts> properties;

  private Parts(boolean isAll, Map<String, Parts> properties) {
    this.isAll = isAll;
    this.properties = properties;
  }

  /** What these paths name, as in {@code spec.containers.name}, and all that is below it. */
  public static Parts of(String... paths) {
    return new Parts(
        false,
        Arrays.stream(paths)
            .collect(
                Collectors.groupingBy(
                    path -> path.split("\\.", 2)[0],
                    Collectors.collectingAndThen(Collectors.toList(), Parts::below))));
  }

  private static Parts below(List<String> paths) {
    return paths.stream().allMatch(path -> path.contains("."))
        ? of(paths.stream().map(path -> path.split("\\.", 2)[1]).toArray(String[]::new))
        : ALL;
  }

  /** Those of a property. */
  Parts of(String property) {
    return isAll ? ALL : properties.getOrDefault(property, NONE);
  }

  boolean isNone() {
    return !isAll && properties.isEmpty();
  }
}
