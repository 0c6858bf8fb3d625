package io.taskstorage.agent.observe;

import io.taskstorage.api.manifest.ObjectKey;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An object that the API server holds and this version does not wholly know, so that all of it is
 * refused.
 *
 * @param key which object
 * @param uid its UID
 * @param generation the generation that is refused
 * @param targets the names of the maps that a policy is for, as far as they can be read; none for a
 *     map
 */
public record Unsupported(ObjectKey key, String uid, long generation, SortedSet<String> targets) {
  /** Copies the names. */
  public Unsupported {
    targets = Collections.unmodifiableSortedSet(new TreeSet<>(targets));
  }
}
