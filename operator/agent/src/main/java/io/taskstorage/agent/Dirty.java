package io.taskstorage.agent;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Why the loop should look again: events mark it and never call a stage. Any thread may mark; one
 * thread waits.
 */
public final class Dirty {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean marked;
  private boolean hurried;
  private boolean stopped;

  /** Something may have changed. */
  public void mark() {
    lock.lock();
    try {
      marked = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Something waits for the loop to look again: it does not rest before it has. */
  public void hurry() {
    lock.lock();
    try {
      hurried = true;
      marked = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Asks for the end. For good. */
  public void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** True once the end was asked for. */
  public boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end or somebody in a hurry, at most {@code limit}; marks stay to be seen. */
  public void rest(Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (!stopped && !hurried && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      stopped = true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a mark or the end, at most {@code limit}; the mark counts as seen. */
  public void await(Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (!marked && !stopped && left > 0) {
        left = changed.awaitNanos(left);
      }
      marked = false;
      hurried = false;
    } catch (InterruptedException e) {
      // Whoever interrupts the loop's thread wants its end.
      stopped = true;
    } finally {
      lock.unlock();
    }
  }
}
