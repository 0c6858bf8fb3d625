package io.taskstorage.agent.cluster;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The kept parts of all objects of one resource, as the server told them last, and as a checkpoint
 * says until the server has told everything. Any thread may call.
 */
final class Mirror {
  private final Runnable changed;
  private SortedMap<String, String> objects = new TreeMap<>();
  private boolean listed;

  /** What a checkpoint says; empty where there is none that counts. */
  private Optional<List<String>> remembered = Optional.empty();

  private Optional<String> trouble = Optional.empty();

  /** What went with its kind's definition and has not come again. */
  private final SortedSet<String> orphans = new TreeSet<>();

  /**
   * What stands, and whether it can be believed.
   *
   * @param objects where two of them are of one object, the later one counts
   */
  record State(List<String> objects, boolean listed, boolean remembered, Optional<String> trouble) {
    /** True where an object that is not in it does not exist, as far as anybody knows. */
    boolean isComplete() {
      return listed || remembered;
    }
  }

  /**
   * Knows nothing yet.
   *
   * @param changed called after each change, on the thread that made it
   */
  Mirror(Runnable changed) {
    this.changed = changed;
  }

  /** What a checkpoint says, in place of what one before said: counts until {@link #forget}. */
  void remember(List<String> texts) {
    synchronized (this) {
      remembered = Optional.of(List.copyOf(texts));
    }
    changed.run();
  }

  /** What a checkpoint says does not count any more. */
  synchronized void forget() {
    remembered = Optional.empty();
  }

  /** Whether the server has listed this resource. */
  synchronized boolean isListed() {
    return listed;
  }

  /**
   * A complete list: what is not in it is gone.
   *
   * @param isOfOtherDefinition the kind's definition was removed and put back since the list
   *     before: what is not in it went with the one before, and stays until it comes again
   */
  void replace(SortedMap<String, String> list, boolean isOfOtherDefinition) {
    boolean isNews;
    synchronized (this) {
      if (isOfOtherDefinition) {
        orphans.addAll(objects.keySet());
      }
      orphans.removeAll(list.keySet());
      SortedMap<String, String> next = new TreeMap<>(list);
      orphans.forEach(
          key -> Optional.ofNullable(objects.get(key)).ifPresent(text -> next.put(key, text)));
      isNews = !listed || !next.equals(objects) || trouble.isPresent();
      objects = next;
      listed = true;
      trouble = Optional.empty();
    }
    if (isNews) {
      changed.run();
    }
  }

  /** An object came or changed. */
  void put(String key, String text) {
    @Nullable String before;
    boolean isNews;
    synchronized (this) {
      before = objects.put(key, text);
      isNews = orphans.remove(key);
    }
    if (isNews || !text.equals(before)) {
      changed.run();
    }
  }

  /** An object was deleted. */
  void remove(String key) {
    boolean isNews;
    synchronized (this) {
      orphans.remove(key);
      isNews = objects.remove(key) != null;
    }
    if (isNews) {
      changed.run();
    }
  }

  /**
   * Why the server does not tell at present; empty = it does. Keeps what is known.
   *
   * @return whether that is news
   */
  boolean trouble(Optional<String> why) {
    boolean isNews;
    synchronized (this) {
      isNews = !why.equals(trouble);
      trouble = why;
    }
    if (isNews) {
      changed.run();
    }
    return isNews;
  }

  /**
   * What stands now. Until everything is told, what is remembered stands as it is: what the server
   * tells adds to it, and changes and takes away nothing.
   *
   * @param isAllTold whether the server has listed this resource and all others
   */
  synchronized State state(boolean isAllTold) {
    List<String> before = isAllTold ? List.of() : remembered.orElse(List.of());
    SequencedSet<String> standing = new LinkedHashSet<>(objects.values());
    before.forEach(standing::remove);
    standing.addAll(before);
    return new State(
        List.copyOf(standing), listed, remembered.isPresent(), trouble.or(this::orphaned));
  }

  private Optional<String> orphaned() {
    return orphans.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "what went with the definition of its kind stays in force (objects: %d, such as %s):"
                    .formatted(orphans.size(), orphans.first().replaceFirst("^/", ""))
                + " apply it again, or start the agent anew to let it go");
  }

  synchronized int size() {
    return listed ? objects.size() : remembered.map(List::size).orElse(0);
  }
}
