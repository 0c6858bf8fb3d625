package io.taskstorage.agent;

import io.taskstorage.agent.cluster.ApiObserver;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Marks the loop dirty when a cgroup of a pod or of a container comes, by inotify(7) on the folders
 * in which they come. Only a way to be early: what there is, is found by looking, and where nothing
 * can be watched the interval is enough.
 */
public final class CgroupWatch implements AutoCloseable {
  private final Path root;
  private final FolderEvents events;
  private CgroupSnapshot seen = new CgroupSnapshot(List.of(), List.of());

  private CgroupWatch(Path root, FolderEvents events) {
    this.root = root;
    this.events = events;
  }

  /**
   * Watches nothing yet; from the first {@link #renew} on, on a thread of its own, until closed.
   */
  public static CgroupWatch start(Path root, Dirty dirty) {
    return new CgroupWatch(root, FolderEvents.start("cgroup-watch", root, dirty::markEarly));
  }

  /** Watches the folders of this tree; costs nothing while it is the same instance. */
  @SuppressWarnings("ReferenceEquality") // A snapshot is the same instance while unchanged.
  public void renew(CgroupSnapshot cgroups) {
    if (!events.areTold() || cgroups == seen) {
      return;
    }
    seen = cgroups;
    events.watch(
        ApiObserver.podFolders(cgroups).stream()
            .map(folder -> root.resolve(folder.substring(1)))
            .collect(Collectors.toSet()),
        StandardWatchEventKinds.ENTRY_CREATE);
  }

  @Override
  public void close() {
    events.close();
  }
}
