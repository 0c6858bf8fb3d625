package io.taskstorage.agent;

import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.Set;

/**
 * Marks the loop dirty when something in a folder changes, by inotify(7). Only a way to be early:
 * what has changed is found by looking, and where nothing can be watched the interval is enough.
 */
public final class FolderWatch implements AutoCloseable {
  private final Path folder;
  private final FolderEvents events;

  private FolderWatch(Path folder, FolderEvents events) {
    this.folder = folder;
    this.events = events;
  }

  /** Watches from now on, on a thread of its own, until closed. */
  public static FolderWatch start(Path folder, Dirty dirty) {
    FolderWatch watch =
        new FolderWatch(folder, FolderEvents.start("folder-watch", folder, dirty::mark));
    watch.renew();
    return watch;
  }

  /** Watches again where the folder was away and is back. Cheap while it is watched. */
  public void renew() {
    events.watch(
        Set.of(folder),
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
  }

  @Override
  public void close() {
    events.close();
  }
}
