package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.RingBuffer;
import io.taskstorage.bpf.Waker;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Waits for what programs tell, on a thread of its own: the ring's only reader as long as it is
 * open. Where the ring had no room it was full, so that somebody is told all the same.
 */
final class Listener implements AutoCloseable {
  private final Waker waker;
  private final Thread thread;
  private volatile boolean isClosed;

  private Listener(RingBuffer ring, ProgramSet.Told told) {
    this.waker = Waker.create();
    this.thread =
        Thread.ofPlatform().daemon().name("kernel-events").unstarted(() -> wait(ring, told));
  }

  /**
   * Listens until it is closed.
   *
   * @param ring stays the caller's, and open until this is closed
   * @param told called on the listener's thread after each batch of records
   * @throws BpfException if no descriptor is left
   */
  static Listener start(RingBuffer ring, ProgramSet.Told told) {
    Listener listener = new Listener(ring, told);
    listener.thread.start();
    return listener;
  }

  private void wait(RingBuffer ring, ProgramSet.Told told) {
    while (!isClosed) {
      List<Event> events = ring.poll(waker).stream().map(Event::of).toList();
      if (!events.isEmpty()) {
        told.told(events.stream().map(Event::kind).collect(Collectors.toSet()));
      }
    }
  }

  /** Returns when the thread has ended. */
  @Override
  public void close() {
    isClosed = true;
    waker.wake();
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    waker.close();
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
