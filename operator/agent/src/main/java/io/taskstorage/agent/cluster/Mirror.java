package io.taskstorage.agent.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The kept parts of all objects of one resource, as the server told them last. Any thread may call.
 */
final class Mirror {
  private final Runnable changed;
  private SortedMap<String, String> objects = new TreeMap<>();
  private boolean listed;
  private boolean remembered;
  private Optional<String> trouble = Optional.empty();

  /** What went with its kind's definition and has not come again. */
  private final SortedSet<String> orphans = new TreeSet<>();

  /** Whether what it holds can be believed. */
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

  /** What a checkpoint says: counts until the first list. */
  void remember(Collection<String> texts) {
    SortedMap<String, String> known = new TreeMap<>();
    texts.forEach(text -> known.put(Reading.key(text), text));
    synchronized (this) {
      if (listed) {
        return;
      }
      objects = known;
      remembered = true;
    }
    changed.run();
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

  synchronized State state() {
    return new State(List.copyOf(objects.values()), listed, remembered, trouble.or(this::orphaned));
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
    return objects.size();
  }
}
