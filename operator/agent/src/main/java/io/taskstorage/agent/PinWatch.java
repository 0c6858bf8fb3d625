package io.taskstorage.agent;

import io.taskstorage.taskstore.PinSnapshot;
import io.taskstorage.taskstore.PinTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Marks the loop dirty when somebody touches public pins or those of programs, by inotify(7) on
 * their folders. News is what differs from what lay there before the last turn looked: what a turn
 * has changed itself is looked at once more by another one, for somebody else may have been at it
 * in the same moment. Only a way to be early: the next turn finds it all the same, and where
 * nothing can be watched the interval is enough.
 *
 * <p>The loop's thread calls everything here.
 */
public final class PinWatch implements AutoCloseable {
  private final Optional<PinTree> tree;
  private final Optional<WatchService> service;
  private final Dirty dirty;
  private final AtomicBoolean touched = new AtomicBoolean();
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private PinSnapshot seen = PinSnapshot.NOTHING;

  private PinWatch(Optional<PinTree> tree, Optional<WatchService> service, Dirty dirty) {
    this.tree = tree;
    this.service = service;
    this.dirty = dirty;
  }

  /**
   * Watches nothing yet; from the first {@link #turned} on, on a thread of its own, until closed.
   *
   * @param tree nothing for a plane without pins
   */
  public static PinWatch start(Optional<PinTree> tree, Dirty dirty) {
    PinWatch watch = new PinWatch(tree, tree.flatMap(PinWatch::service), dirty);
    watch.service.ifPresent(
        events -> Thread.ofPlatform().daemon().name("pin-watch").start(() -> watch.take(events)));
    return watch;
  }

  private static Optional<WatchService> service(PinTree tree) {
    try {
      return Optional.of(tree.root().getFileSystem().newWatchService());
    } catch (IOException e) {
      // The limit of inotify instances is reached.
      return Optional.empty();
    }
  }

  /** True once after something has become different from what it was before the last turn. */
  public boolean isNews() {
    return touched.getAndSet(false)
        && tree.filter(pins -> !PinSnapshot.of(pins).equals(seen)).isPresent();
  }

  /** A turn begins: it looks at what lies there now, or at what comes after. */
  public void begins() {
    touched.set(false);
    if (service.isPresent()) {
      seen = tree.map(PinSnapshot::of).orElse(PinSnapshot.NOTHING);
    }
  }

  /** A turn was taken. Folders that it has made are watched from now on. */
  public void turned() {
    if (service.isEmpty() || tree.isEmpty()) {
      return;
    }
    PinSnapshot now = PinSnapshot.of(tree.get());
    watch(Set.copyOf(now.folders()));
    if (!now.equals(seen)) {
      touched.set(true);
      dirty.mark();
    }
  }

  private void watch(Set<Path> folders) {
    keys.entrySet()
        .removeIf(
            each -> {
              boolean isGone = !folders.contains(each.getKey()) || !each.getValue().isValid();
              if (isGone) {
                each.getValue().cancel();
              }
              return isGone;
            });
    folders.stream()
        .filter(folder -> !keys.containsKey(folder))
        .forEach(folder -> register(folder, service.get()));
  }

  private void register(Path folder, WatchService events) {
    try {
      keys.put(
          folder,
          folder.register(
              events,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE));
    } catch (IOException | ClosedWatchServiceException e) {
      // It went, or the limit of watches is reached.
      return;
    }
  }

  private void take(WatchService events) {
    try {
      while (true) {
        WatchKey taken = events.take();
        taken.pollEvents();
        touched.set(true);
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
      throw new UncheckedIOException("close pin watch", e);
    }
  }
}
