package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Fences, by their numbers: what was let go of before one began can be used again once it has
 * passed, and so can what an earlier one was for. A fence takes some milliseconds, so it is best
 * passed {@link #ahead} of the need, on a thread of its own; whoever needs it waits for the rest.
 *
 * <p>Any thread may call. One fence runs at a time.
 */
final class Fences implements AutoCloseable {
  private final Runnable fence;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long begun;
  private long passed;
  private long wanted;
  private boolean isRunning;
  private boolean isAhead;
  private boolean isClosed;

  /**
   * None has begun.
   *
   * @param fence returns when every run of a program that had begun has ended; throws what the
   *     kernel refuses
   */
  Fences(Runnable fence) {
    this.fence = fence;
  }

  /** The number of the first one that begins after this call; never 0. */
  long next() {
    lock.lock();
    try {
      return begun + 1;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it, or a later one, has passed; always true for 0. */
  boolean hasPassed(long number) {
    lock.lock();
    try {
      return passed >= number;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when it has passed.
   *
   * @throws BpfException if the kernel refuses; the next call tries again
   */
  void await(long number) {
    lock.lock();
    try {
      pass(() -> passed < number);
    } finally {
      lock.unlock();
    }
  }

  /** Has it pass without waiting for it. What is refused is found out by whoever waits. */
  void ahead(long number) {
    lock.lock();
    try {
      wanted = Math.max(wanted, number);
      if (passed < wanted && !isAhead) {
        isAhead = true;
        Thread.ofPlatform().daemon().name("fence").start(this::passAhead);
      }
    } finally {
      lock.unlock();
    }
  }

  private void passAhead() {
    lock.lock();
    try {
      pass(() -> passed < wanted && !isClosed);
    } catch (BpfException e) {
      return;
    } finally {
      isAhead = false;
      changed.signalAll();
      lock.unlock();
    }
  }

  private void pass(BooleanSupplier isOneWanted) {
    while (isOneWanted.getAsBoolean()) {
      if (isRunning) {
        changed.awaitUninterruptibly();
      } else {
        passOne();
      }
    }
  }

  /** One that begins now; nobody holds the lock meanwhile. */
  private void passOne() {
    isRunning = true;
    long number = ++begun;
    boolean hasPassed = false;
    lock.unlock();
    try {
      fence.run();
      hasPassed = true;
    } finally {
      lock.lock();
      passed = hasPassed ? number : passed;
      isRunning = false;
      changed.signalAll();
    }
  }

  /** Returns when none runs that was to pass ahead. */
  @Override
  public void close() {
    lock.lock();
    try {
      isClosed = true;
      while (isAhead) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
