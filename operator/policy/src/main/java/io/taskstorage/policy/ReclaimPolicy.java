package io.taskstorage.policy;

import java.util.Optional;

/** What happens to a map on the nodes when its object goes. */
public enum ReclaimPolicy {
  /** The pin is removed and the map with it. */
  DELETE("Delete"),
  /** The pin stays, and a new map of the same name and layout adopts it. */
  RETAIN("Retain");

  private final String wireName;

  ReclaimPolicy(String wireName) {
    this.wireName = wireName;
  }

  static Optional<ReclaimPolicy> ofWireName(String text) {
    return switch (text) {
      case "Delete" -> Optional.of(DELETE);
      case "Retain" -> Optional.of(RETAIN);
      default -> Optional.empty();
    };
  }

  /** The name in manifests. */
  public String wireName() {
    return wireName;
  }
}
