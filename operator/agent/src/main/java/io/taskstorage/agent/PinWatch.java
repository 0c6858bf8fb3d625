package io.taskstorage.agent;

import io.taskstorage.taskstore.PinSnapshot;
import io.taskstorage.taskstore.PinTree;
import java.nio.file.StandardWatchEventKinds;
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
  private final Optional<Watched> watched;
  private final Dirty dirty;
  private final AtomicBoolean touched = new AtomicBoolean();
  private PinSnapshot seen = PinSnapshot.NOTHING;

  /** The pins, and who tells of them. */
  private record Watched(PinTree tree, FolderEvents events) {}

  private PinWatch(Optional<PinTree> tree, Dirty dirty) {
    this.dirty = dirty;
    this.watched =
        tree.map(
                pins ->
                    new Watched(pins, FolderEvents.start("pin-watch", pins.root(), this::touched)))
            .filter(each -> each.events().areTold());
  }

  /**
   * Watches nothing yet; from the first {@link #turned} on, on a thread of its own, until closed.
   *
   * @param tree nothing for a plane without pins
   */
  public static PinWatch start(Optional<PinTree> tree, Dirty dirty) {
    return new PinWatch(tree, dirty);
  }

  private void touched() {
    touched.set(true);
    dirty.mark();
  }

  /** True once after something has become different from what it was before the last turn. */
  public boolean isNews() {
    return touched.getAndSet(false)
        && watched.filter(each -> !PinSnapshot.of(each.tree()).equals(seen)).isPresent();
  }

  /** A turn begins: it looks at what lies there now, or at what comes after. */
  public void begins() {
    touched.set(false);
    watched.ifPresent(each -> seen = PinSnapshot.of(each.tree()));
  }

  /** A turn was taken. Folders that it has made are watched from now on. */
  public void turned() {
    watched.ifPresent(
        each -> {
          PinSnapshot now = PinSnapshot.of(each.tree());
          each.events()
              .watch(
                  Set.copyOf(now.folders()),
                  StandardWatchEventKinds.ENTRY_CREATE,
                  StandardWatchEventKinds.ENTRY_MODIFY,
                  StandardWatchEventKinds.ENTRY_DELETE);
          if (!now.equals(seen)) {
            touched();
          }
        });
  }

  @Override
  public void close() {
    watched.ifPresent(each -> each.events().close());
  }
}
