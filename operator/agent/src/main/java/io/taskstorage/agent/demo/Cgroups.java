package io.taskstorage.agent.demo;

import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.taskstore.Membership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The demo's cgroups, all below one of its own. */
sealed interface Cgroups {
  /** What the store and the loop look at. */
  Membership membership();

  /** The demo's own cgroup, as a policy names it. */
  String top();

  /** Where it is, for people. */
  String place();

  /** Makes a cgroup below the demo's own; path such as "/shop". */
  void make(String path, Undo undo) throws IOException;

  /** Starts a process in a cgroup below the demo's own. */
  Worker start(String name, String path) throws IOException;

  /** Real ones. */
  record Real(CgroupTree membership, String top) implements Cgroups {
    private static final int RMDIR_TRIES = 200;
    private static final long RMDIR_PAUSE_NANOS = 25_000_000;

    @Override
    public String place() {
      return folder("").toString();
    }

    @Override
    public void make(String path, Undo undo) throws IOException {
      Path folder = Files.createDirectory(folder(path));
      undo.add("remove cgroup " + folder, () -> remove(folder));
    }

    @Override
    public Worker start(String name, String path) throws IOException {
      return Worker.start(name, Optional.of(folder(path)));
    }

    private Path folder(String path) {
      return membership.root().resolve((top + path).substring(1));
    }

    /** A process that has just ended may still be in it for a moment. */
    private static void remove(Path folder) throws IOException {
      for (int i = 1; ; i++) {
        try {
          Files.delete(folder);
          return;
        } catch (IOException e) {
          if (i == RMDIR_TRIES) {
            throw e;
          }
          LockSupport.parkNanos(RMDIR_PAUSE_NANOS);
        }
      }
    }
  }

  /** A table in memory, where none can be made. */
  record Played(EmulatedMembership membership, String top) implements Cgroups {
    @Override
    public String place() {
      return top + " (played)";
    }

    @Override
    public void make(String path, Undo undo) {
      membership.mkdir(top + path);
    }

    @Override
    public Worker start(String name, String path) throws IOException {
      Worker worker = Worker.start(name, Optional.empty());
      membership.move(worker.pid(), top + path);
      return worker;
    }
  }
}
