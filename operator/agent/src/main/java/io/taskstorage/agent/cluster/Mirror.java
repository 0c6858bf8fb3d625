package io.taskstorage.agent.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /** A complete list: what is not in it is gone. */
  void replace(SortedMap<String, String> list) {
    boolean isNews;
    synchronized (this) {
      isNews = !listed || !list.equals(objects) || trouble.isPresent();
      objects = new TreeMap<>(list);
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
    synchronized (this) {
      before = objects.put(key, text);
    }
    if (!text.equals(before)) {
      changed.run();
    }
  }

  /** An object was deleted. */
  void remove(String key) {
    boolean isNews;
    synchronized (this) {
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
    return new State(List.copyOf(objects.values()), listed, remembered, trouble);
  }

  synchronized int size() {
    return objects.size();
  }
}
