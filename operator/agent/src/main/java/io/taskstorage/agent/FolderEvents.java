package io.taskstorage.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells, on a thread of its own, that something has happened in one of some folders, by inotify(7).
 * Where nothing can be watched, as at the limit of instances or of watches, it tells nothing:
 * whoever uses it also looks from time to time.
 *
 * <p>One thread calls {@link #watch}.
 */
final class FolderEvents implements AutoCloseable {
  private final String name;
  private final Optional<WatchService> service;
  private final Runnable told;
  private final Map<Path, WatchKey> keys = new HashMap<>();

  private FolderEvents(String name, Optional<WatchService> service, Runnable told) {
    this.name = name;
    this.service = service;
    this.told = told;
  }

  /**
   * Watches nothing yet.
   *
   * @param name of the thread
   * @param any a path of the file system in which the folders are
   * @param told called after each batch of events
   */
  static FolderEvents start(String name, Path any, Runnable told) {
    FolderEvents events = new FolderEvents(name, service(any), told);
    events.service.ifPresent(
        from -> Thread.ofPlatform().daemon().name(name).start(() -> events.take(from)));
    return events;
  }

  private static Optional<WatchService> service(Path any) {
    try {
      return Optional.of(any.getFileSystem().newWatchService());
    } catch (IOException e) {
      // The limit of inotify instances is reached.
      return Optional.empty();
    }
  }

  /** False if nothing will ever be told. */
  boolean areTold() {
    return service.isPresent();
  }

  /** Watches these folders, and no others. One that was away and is back is watched again. */
  void watch(Set<Path> folders, WatchEvent.Kind<?>... kinds) {
    keys.entrySet()
        .removeIf(
            each -> {
              boolean isGone = !folders.contains(each.getKey()) || !each.getValue().isValid();
              if (isGone) {
                each.getValue().cancel();
              }
              return isGone;
            });
    service.ifPresent(
        from ->
            folders.stream()
                .filter(folder -> !keys.containsKey(folder))
                .forEach(folder -> register(folder, from, kinds)));
  }

  private void register(Path folder, WatchService from, WatchEvent.Kind<?>... kinds) {
    try {
      keys.put(folder, folder.register(from, kinds));
    } catch (IOException | ClosedWatchServiceException e) {
      // It went, or the limit of watches is reached.
      return;
    }
  }

  private void take(WatchService from) {
    try {
      while (true) {
        WatchKey taken = from.take();
        taken.pollEvents();
        told.run();
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
      throw new UncheckedIOException("close " + name, e);
    }
  }
}
