package io.taskstorage.agent;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Optional;

/**
 * Marks the loop dirty when something in a folder changes, by inotify(7). Only a way to be early:
 * what has changed is found by looking, and where nothing can be watched the interval is enough.
 */
public final class FolderWatch implements AutoCloseable {
  private final Path folder;
  private final Dirty dirty;
  private final Optional<WatchService> service;
  private volatile Optional<WatchKey> key = Optional.empty();

  private FolderWatch(Path folder, Dirty dirty, Optional<WatchService> service) {
    this.folder = folder;
    this.dirty = dirty;
    this.service = service;
  }

  /** Watches from now on, on a thread of its own, until closed. */
  public static FolderWatch start(Path folder, Dirty dirty) {
    Optional<WatchService> service;
    try {
      service = Optional.of(folder.getFileSystem().newWatchService());
    } catch (IOException e) {
      // The limit of inotify instances is reached.
      service = Optional.empty();
    }
    FolderWatch watch = new FolderWatch(folder, dirty, service);
    watch.renew();
    service.ifPresent(
        events ->
            Thread.ofPlatform().daemon().name("folder-watch").start(() -> watch.take(events)));
    return watch;
  }

  /** Watches again where the folder was away and is back. Cheap while it is watched. */
  public void renew() {
    if (service.isEmpty() || key.filter(WatchKey::isValid).isPresent()) {
      return;
    }
    try {
      key =
          Optional.of(
              folder.register(
                  service.get(),
                  StandardWatchEventKinds.ENTRY_CREATE,
                  StandardWatchEventKinds.ENTRY_MODIFY,
                  StandardWatchEventKinds.ENTRY_DELETE));
    } catch (IOException | ClosedWatchServiceException e) {
      key = Optional.empty();
    }
  }

  private void take(WatchService events) {
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
      throw new java.io.UncheckedIOException("close folder watch " + folder, e);
    }
  }
}
