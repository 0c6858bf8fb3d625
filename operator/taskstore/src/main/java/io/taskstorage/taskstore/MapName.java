package io.taskstorage.taskstore;

import java.util.regex.Pattern;

/**
 * The name of a TaskStorageMap: a DNS label, so that it is also a directory name in bpffs (which
 * refuses dots).
 */
public record MapName(String value) implements Comparable<MapName> {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  public MapName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "map name '"
              + value
              + "': not a DNS label: use 1 to 63 of a-z, 0-9 and '-', beginning and ending with a"
              + " letter or digit");
    }
  }

  /** Whether {@code text} is a map name. */
  public static boolean isValid(String text) {
    return SHAPE.matcher(text).matches();
  }

  @Override
  public int compareTo(MapName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
