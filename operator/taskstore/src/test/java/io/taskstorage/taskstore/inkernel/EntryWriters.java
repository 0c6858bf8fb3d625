package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * On each CPU somebody who stores entries by pidfd, back to back, each those of a task and in a map
 * that nobody else knows: so whoever is put aside is most likely inside task storage.
 */
final class EntryWriters implements AutoCloseable {
  /** An entry is made anew each time, and freed a while later: enough to take time, not memory. */
  private static final int BYTES = 256;

  private final ExecutorService threads;
  private final List<Future<?>> writers = new ArrayList<>();
  private final CountDownLatch pending;
  private volatile boolean isOver;

  private EntryWriters(int count) {
    threads = Executors.newFixedThreadPool(count);
    pending = new CountDownLatch(count);
  }

  /** Begins. */
  static EntryWriters start(Tasks tasks) {
    List<Task> targets = tasks.processes(Runtime.getRuntime().availableProcessors());
    EntryWriters all = new EntryWriters(targets.size());
    targets.forEach(task -> all.writers.add(all.threads.submit(() -> all.write(task))));
    return all;
  }

  private void write(Task task) {
    byte[] value = new byte[BYTES];
    try (BpfMap map = TestMaps.entries("writers", BYTES);
        Pidfd pidfd = open(task)) {
      map.update(pidfd, value, UpdateMode.ANY);
      pending.countDown();
      while (!isOver) {
        map.update(pidfd, value, UpdateMode.ANY);
      }
    }
  }

  private static Pidfd open(Task task) {
    if (Pidfd.openProcess(task.pid()) instanceof PidfdResult.Opened(Pidfd pidfd)) {
      return pidfd;
    }
    throw new AssertionError("pidfd open: " + task);
  }

  /** Whether each has stored an entry by now. */
  boolean haveStored() {
    return pending.getCount() == 0;
  }

  /** Ends them; fails if one of them did. */
  @Override
  public void close() {
    isOver = true;
    threads.close();
    for (Future<?> writer : writers) {
      try {
        writer.get();
      } catch (ExecutionException e) {
        throw new AssertionError("store entries: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("store entries: interrupted", e);
      }
    }
  }
}
