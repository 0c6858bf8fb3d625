package io.taskstorage.agent.nri;

import io.taskstorage.agent.observe.ContainerNames;
import java.util.HashMap;
import java.util.Map;

/** The containers that the runtime has told of. Any thread. */
final class KnownContainers {
  /** No node runs so many; a peer that tells of more is none. */
  static final int MOST = 1 << 14;

  private final Map<String, Named> byId = new HashMap<>();
  private final Runnable replaced;
  private ContainerNames names = ContainerNames.NONE;
  private boolean isChanged;

  /** What a container's id stands for. */
  record Named(String pod, String name) {}

  /**
   * None yet.
   *
   * @param replaced called when all of them were told anew or nobody tells any more, on the thread
   *     that heard it
   */
  KnownContainers(Runnable replaced) {
    this.replaced = replaced;
  }

  /** The names as they are known now; the same instance as before while nothing has changed. */
  synchronized ContainerNames names() {
    if (isChanged) {
      Map<String, Map<String, String>> byPod = new HashMap<>();
      byId.forEach(
          (id, named) ->
              byPod.computeIfAbsent(named.pod(), _ -> new HashMap<>()).put(id, named.name()));
      names = new ContainerNames(byPod);
      isChanged = false;
    }
    return names;
  }

  /** A container is there, in place of one of the same name that has ended. */
  synchronized void put(String id, Named named) throws NonsenseException {
    if (named.equals(byId.get(id))) {
      return;
    }
    isChanged = true;
    byId.values().removeIf(named::equals);
    byId.put(id, named);
    if (byId.size() > MOST) {
      byId.remove(id);
      throw new NonsenseException("more than %d containers".formatted(MOST));
    }
  }

  /** A container is gone. */
  synchronized void remove(String id) {
    isChanged |= byId.remove(id) != null;
  }

  /** Nobody tells any more. What was told stays, and is to be observed anew. */
  void lost() {
    synchronized (this) {
      isChanged = true;
    }
    replaced.run();
  }

  /** These are all. */
  void replace(Map<String, Named> all) {
    synchronized (this) {
      byId.clear();
      byId.putAll(all);
      isChanged = true;
    }
    replaced.run();
  }
}
