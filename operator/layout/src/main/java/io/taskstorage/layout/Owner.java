package io.taskstorage.layout;

import java.util.Optional;

/** Who writes a field. */
public enum Owner {
  /** The agent writes the field from the policies; a field without a winner is zero. */
  POLICY("Policy"),
  /** BPF programs write the field; it is zero in a new entry and the agent never overwrites it. */
  PROGRAM("Program");

  private final String wireName;

  Owner(String wireName) {
    this.wireName = wireName;
  }

  /** The owner with this name in a manifest; names are case sensitive. */
  public static Optional<Owner> ofWireName(String wireName) {
    for (Owner owner : values()) {
      if (owner.wireName.equals(wireName)) {
        return Optional.of(owner);
      }
    }
    return Optional.empty();
  }

  /** The name in manifests. */
  public String wireName() {
    return wireName;
  }
}
