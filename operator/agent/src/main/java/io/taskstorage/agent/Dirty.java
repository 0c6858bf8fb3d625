package io.taskstorage.agent;

import io.taskstorage.taskstore.TaskStore;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Why the loop should look again: events mark it and never call a stage. Any thread may mark; one
 * thread waits.
 */
public final class Dirty implements TaskStore.Wake {
  /** What nobody waits for waits so long for something else to come. */
  static final Duration LATE = Duration.ofSeconds(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean marked;
  private boolean early;
  private boolean hurried;
  private boolean stopped;

  /** Whether something was marked that can wait until then. */
  private boolean late;

  private long lateNanos;

  /** Something may have changed. */
  public void mark() {
    mark(false, false);
  }

  /** A cgroup came: what starts in it cannot wait until others have come, too. */
  public void markEarly() {
    mark(true, false);
  }

  /** Something waits for the loop to look again: it does not rest before it has. */
  public void hurry() {
    mark(false, true);
  }

  private void mark(boolean isEarly, boolean isHurried) {
    lock.lock();
    try {
      marked = true;
      early |= isEarly;
      hurried |= isHurried;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Something is to be tidied up: with what comes next, or after {@link #LATE}. */
  public void markLate() {
    lock.lock();
    try {
      if (!late) {
        late = true;
        lateNanos = System.nanoTime() + LATE.toNanos();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void cgroupRemoved() {
    markLate();
  }

  @Override
  public void sweepDue() {
    mark();
  }

  @Override
  public void cgroupMade() {
    markEarly();
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

  /**
   * Waits for the end or somebody in a hurry; marks stay to be seen.
   *
   * @param least after that, an early mark is enough
   * @param most after that, nothing is waited for
   */
  public void rest(Duration least, Duration most) {
    lock.lock();
    try {
      long begun = System.nanoTime();
      while (!stopped && !hurried) {
        long left = (early ? least : most).toNanos() - (System.nanoTime() - begun);
        if (left <= 0) {
          return;
        }
        var _ = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      stopped = true;
    } finally {
      lock.unlock();
    }
  }

  private long left(long begun, Duration limit) {
    long now = System.nanoTime();
    long left = limit.toNanos() - (now - begun);
    return late ? Math.min(left, lateNanos - now) : left;
  }

  /** Waits for a mark or the end, at most {@code limit}; the mark counts as seen. */
  public void await(Duration limit) {
    lock.lock();
    try {
      long begun = System.nanoTime();
      long left = left(begun, limit);
      while (!marked && !stopped && left > 0) {
        var _ = changed.awaitNanos(left);
        left = left(begun, limit);
      }
      marked = false;
      early = false;
      hurried = false;
      late = false;
    } catch (InterruptedException e) {
      // Whoever interrupts the loop's thread wants its end.
      stopped = true;
    } finally {
      lock.unlock();
    }
  }
}
