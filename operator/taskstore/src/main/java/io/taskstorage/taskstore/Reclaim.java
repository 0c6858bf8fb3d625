package io.taskstorage.taskstore;

import java.util.Arrays;
import java.util.Optional;

/** What happens to the kernel map when its TaskStorageMap goes. */
public enum Reclaim {
  /** The pins go, and with the last program or descriptor that uses the map its entries. */
  DELETE("Delete"),
  /** The pins stay, and are remembered, so that a later map of the same name and layout adopts. */
  RETAIN("Retain");

  private final String wireName;

  Reclaim(String wireName) {
    this.wireName = wireName;
  }

  /** The word in manifests and in the record. */
  public String wireName() {
    return wireName;
  }

  /** The constant of a word in manifests, if there is one. */
  public static Optional<Reclaim> ofWireName(String text) {
    return Arrays.stream(values()).filter(r -> r.wireName.equals(text)).findFirst();
  }
}
