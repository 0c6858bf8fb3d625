package io.taskstorage.agent.nri;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the start of a container waits until a turn has put the container's row and swept: the
 * runtime's thread asks, and the loop says what its turns have brought in line. Nothing is done
 * under the lock, so neither waits for the other's work but where a start asks for a turn.
 *
 * <p>A container whose row a turn has put already does not wait: programs have given it to every
 * task that was born since. Without programs a start always waits for a pass over the tasks.
 */
public final class StartGate implements AutoCloseable {
  private final boolean areProgramsThere;
  private final Runnable wake;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Set<String> inLine = Set.of();
  private long asked;
  private long passed;
  private boolean isOpen;

  /** How a start came to its values. */
  public enum Outcome {
    /** A turn had brought it in line before it was asked for. */
    READY,
    /** A turn brought it in line while it waited. */
    WAITED,
    /** A turn was taken, and nobody knows the container's pod or its cgroup. */
    UNKNOWN,
    /** No turn ended in time: the container runs, and a turn brings it in line later. */
    TIMEOUT
  }

  /**
   * Nothing is in line yet.
   *
   * @param areProgramsThere tasks that are born have what rows say
   * @param wake asks for a turn at once; any thread
   */
  StartGate(boolean areProgramsThere, Runnable wake) {
    this.areProgramsThere = areProgramsThere;
    this.wake = wake;
  }

  /**
   * Returns when the tasks of a container are in line, or nothing more can be waited for.
   *
   * @param container the runtime's id
   */
  Outcome await(String container, Duration limit) {
    lock.lock();
    try {
      if (areProgramsThere && inLine.contains(container)) {
        return Outcome.READY;
      }
      long mine = ++asked;
      wake.run();
      long left = limit.toNanos();
      while (passed < mine && !isOpen && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (inLine.contains(container)) {
        return passed < mine ? Outcome.TIMEOUT : Outcome.WAITED;
      }
      return passed < mine && !isOpen ? Outcome.TIMEOUT : Outcome.UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.TIMEOUT;
    } finally {
      lock.unlock();
    }
  }

  /** How many starts have asked for a turn so far; to be read before the turn looks at anything. */
  public long asked() {
    lock.lock();
    try {
      return asked;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a start waits for a turn. */
  public boolean isAsked() {
    lock.lock();
    try {
      return passed < asked;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A turn was taken, or cannot be taken yet.
   *
   * @param asked what {@link #asked} said before the turn looked
   * @param inLine the ids of all containers whose cgroups and pods the turn knew; empty where none
   *     was taken
   */
  public void passed(long asked, Set<String> inLine) {
    lock.lock();
    try {
      this.inLine = Set.copyOf(inLine);
      this.passed = asked;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No turn comes any more: nobody waits for one from now on. */
  @Override
  public void close() {
    lock.lock();
    try {
      isOpen = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
