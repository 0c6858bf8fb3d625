package io.taskstorage.taskstore.inkernel;

import java.util.Set;

/** Is told that programs have told something. */
public interface Told {
  /**
   * On the thread that listens, or the one that catches up.
   *
   * @param kinds what has happened, once or more often
   */
  void told(Set<Event.Kind> kinds);
}
