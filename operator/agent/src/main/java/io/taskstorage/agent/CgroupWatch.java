package io.taskstorage.agent;

import io.taskstorage.agent.cluster.ApiObserver;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Marks the loop dirty when a cgroup of a pod or of a container comes, by inotify(7) on the folders
 * in which they come. Only a way to be early: what there is, is found by looking, and where nothing
 * can be watched the interval is enough.
 */
public final class CgroupWatch implements AutoCloseable {
  private final Path root;
  private final Optional<WatchService> service;
  private final Map<String, WatchKey> keys = new HashMap<>();
  private CgroupSnapshot seen = new CgroupSnapshot(List.of(), List.of());

  private CgroupWatch(Path root, Optional<WatchService> service) {
    this.root = root;
    this.service = service;
  }

  /**
   * Watches nothing yet; from the first {@link #renew} on, on a thread of its own, until closed.
   */
  public static CgroupWatch start(Path root, Dirty dirty) {
    Optional<WatchService> service;
    try {
      service = Optional.of(root.getFileSystem().newWatchService());
    } catch (IOException e) {
      // The limit of inotify instances is reached.
      service = Optional.empty();
    }
    service.ifPresent(
        events ->
            Thread.ofPlatform().daemon().name("cgroup-watch").start(() -> take(events, dirty)));
    return new CgroupWatch(root, service);
  }

  /** Watches the folders of this tree; costs nothing while it is the same instance. */
  @SuppressWarnings("ReferenceEquality") // A snapshot is the same instance while unchanged.
  public void renew(CgroupSnapshot cgroups) {
    if (service.isEmpty() || cgroups == seen) {
      return;
    }
    seen = cgroups;
    Set<String> folders = ApiObserver.podFolders(cgroups);
    keys.entrySet()
        .removeIf(
            entry -> {
              boolean isGone = !folders.contains(entry.getKey()) || !entry.getValue().isValid();
              if (isGone) {
                entry.getValue().cancel();
              }
              return isGone;
            });
    for (String folder : folders) {
      if (!keys.containsKey(folder)) {
        register(folder, service.get());
      }
    }
  }

  private void register(String folder, WatchService events) {
    try {
      keys.put(
          folder,
          root.resolve(folder.substring(1)).register(events, StandardWatchEventKinds.ENTRY_CREATE));
    } catch (IOException | ClosedWatchServiceException e) {
      // It went, or the limit of watches is reached.
      return;
    }
  }

  private static void take(WatchService events, Dirty dirty) {
    try {
      while (true) {
        WatchKey taken = events.take();
        taken.pollEvents();
        dirty.mark();
        taken.reset();
      }
    } catch (ClosedWatchServiceException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      if (service.isPresent()) {
        service.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("close cgroup watch " + root, e);
    }
  }
}
