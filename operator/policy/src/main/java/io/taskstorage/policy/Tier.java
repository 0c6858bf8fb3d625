package io.taskstorage.policy;

import java.util.Optional;

/** The three layers of policies, in the order in which they decide. */
public enum Tier {
  /** Cluster policies that nobody overrides. */
  ADMIN("Admin"),
  /** Policies of namespaces; manifests do not name this tier. */
  NAMESPACED("Namespaced"),
  /** Cluster policies that hold where nobody else decides. */
  BASELINE("Baseline");

  private final String wireName;

  Tier(String wireName) {
    this.wireName = wireName;
  }

  /** The tier that a cluster policy names; empty for {@code Namespaced} and for unknown text. */
  static Optional<Tier> ofWireName(String text) {
    return switch (text) {
      case "Admin" -> Optional.of(ADMIN);
      case "Baseline" -> Optional.of(BASELINE);
      default -> Optional.empty();
    };
  }

  /** The name in manifests and explanations. */
  public String wireName() {
    return wireName;
  }
}
