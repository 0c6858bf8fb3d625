package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.RingBuffer;
import io.taskstorage.bpf.Waker;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Waits for what programs tell, on a thread of its own: the ring has no other reader as long as it
 * is open. Where the ring had no room it was full, so that somebody is told all the same.
 */
final class Listener implements AutoCloseable {
  private final RingBuffer ring;
  private final Told told;
  private final Waker waker = Waker.create();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("kernel-events").unstarted(this::listen);
  private final ReentrantLock reading = new ReentrantLock();
  private volatile boolean isClosed;

  private Listener(RingBuffer ring, Told told) {
    this.ring = ring;
    this.told = told;
  }

  /**
   * Listens until it is closed.
   *
   * @param ring stays the caller's, and open until this is closed
   * @param told called after each batch of records, by the thread that has read it
   * @throws BpfException if no descriptor is left
   */
  static Listener start(RingBuffer ring, Told told) {
    Listener listener = new Listener(ring, told);
    listener.thread.start();
    return listener;
  }

  private void listen() {
    while (!isClosed) {
      ring.await(waker);
      catchUp();
    }
  }

  /** When it returns, somebody was told of all that programs had told before. Any thread. */
  void catchUp() {
    reading.lock();
    try {
      Set<Event.Kind> kinds =
          ring.drain().stream().map(Event::of).map(Event::kind).collect(Collectors.toSet());
      if (!kinds.isEmpty()) {
        told.told(kinds);
      }
    } finally {
      reading.unlock();
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
