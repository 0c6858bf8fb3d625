package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Delete;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.TaskState;
import io.taskstorage.bpf.Update;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.Tally.Change;
import java.util.Optional;

/**
 * Brings one entry in line with its row, and says what kind of change that was.
 *
 * <p>Only policy-owned bytes are compared and written; what a program keeps in the others is read
 * and written back. Between that read and the write a program's own write may be lost: user space
 * can only replace an entry as a whole.
 */
final class Alignment {
  /** Somebody else creating and removing the same entry all the time is no reason to stay. */
  private static final int MAX_ATTEMPTS = 3;

  /** Since when a row says what it says of a map. */
  enum Since {
    /** It said the same at the last completed pass. */
    EARLIER,
    /** It came or changed after that. */
    NOW,
    /** The same, and it ought to have come before the tasks did. */
    NOW_OVERDUE
  }

  private final boolean dryRun;
  private final Tally tally;
  private final Ledger ledger;

  /**
   * @param ledger what the last pass left; brought up to date
   */
  Alignment(boolean dryRun, Tally tally, Ledger ledger) {
    this.dryRun = dryRun;
    this.tally = tally;
    this.ledger = ledger;
  }

  /**
   * Makes the entry hold {@code wanted}.
   *
   * @param since when the row has said so
   */
  void set(Pidfd task, ManagedMap map, Value wanted, Since since) {
    attempt(task, map, () -> trySet(task, map, wanted, since));
  }

  /** Makes the task have no entry. */
  void clear(Pidfd task, ManagedMap map) {
    attempt(task, map, () -> tryClear(task, map));
  }

  /** Only looks: whether there is an entry that could be removed. */
  boolean hasEntry(Pidfd task, ManagedMap map) {
    boolean[] present = {false};
    attempt(
        task,
        map,
        () -> {
          switch (map.entries().lookup(task)) {
            case Lookup.Present(byte[] found) -> {
              ledger.put(map.name(), task.tid(), Value.of(found));
              present[0] = isAlive(task) && !isZombieLeader(task.tid());
            }
            case Lookup.NoEntry() -> ledger.forget(map.name(), task.tid());
            case Lookup.TaskGone() -> ledger.forget(task.tid());
          }
          return true;
        });
    return present[0];
  }

  private interface Attempt {
    /** False if the entry changed between look and write. */
    boolean isSettled();
  }

  private void attempt(Pidfd task, ManagedMap map, Attempt attempt) {
    try {
      for (int i = 0; i < MAX_ATTEMPTS; i++) {
        if (attempt.isSettled()) {
          return;
        }
      }
    } catch (BpfException e) {
      tally.fail(map.name(), task.tid(), e);
    }
  }

  private boolean trySet(Pidfd task, ManagedMap map, Value wanted, Since since) {
    return switch (map.entries().lookup(task)) {
      case Lookup.TaskGone() -> gone(task);
      case Lookup.NoEntry() -> {
        ledger.forget(map.name(), task.tid());
        Change kind = since == Since.NOW ? Change.CREATED : Change.LATE;
        yield !isAlive(task) || write(task, map, wanted, wanted, UpdateMode.NOEXIST, kind);
      }
      case Lookup.Present(byte[] found) -> {
        if (wanted.sameOwnedBytes(found, map.spec().layout())) {
          ledger.put(map.name(), task.tid(), wanted);
          yield true;
        }
        Change kind = overwriteKind(task.tid(), map, found, wanted, since);
        ledger.put(map.name(), task.tid(), Value.of(found));
        yield !isAlive(task)
            || write(
                task,
                map,
                wanted.mergedInto(found, map.spec().layout()),
                wanted,
                UpdateMode.EXIST,
                kind);
      }
    };
  }

  private boolean tryClear(Pidfd task, ManagedMap map) {
    return switch (map.entries().lookup(task)) {
      case Lookup.TaskGone() -> gone(task);
      case Lookup.NoEntry() -> {
        ledger.forget(map.name(), task.tid());
        yield true;
      }
      case Lookup.Present(byte[] found) -> {
        ledger.put(map.name(), task.tid(), Value.of(found));
        yield !isAlive(task) || delete(task, map);
      }
    };
  }

  private boolean write(
      Pidfd task, ManagedMap map, Value bytes, Value wanted, UpdateMode mode, Change kind) {
    if (dryRun) {
      tally.add(map.name(), kind);
      return true;
    }
    return switch (map.entries().update(task, bytes.toBytes(), mode)) {
      case Update.Updated() -> {
        tally.add(map.name(), kind);
        ledger.put(map.name(), task.tid(), wanted);
        yield true;
      }
      case Update.AlreadyPresent(), Update.NoEntry() -> false;
      case Update.TaskGone() -> gone(task);
    };
  }

  private boolean delete(Pidfd task, ManagedMap map) {
    if (dryRun) {
      tally.add(map.name(), Change.DELETED);
      return true;
    }
    return switch (map.entries().delete(task)) {
      case Delete.Deleted() -> {
        tally.add(map.name(), Change.DELETED);
        ledger.forget(map.name(), task.tid());
        yield true;
      }
      case Delete.NoEntry() -> {
        ledger.forget(map.name(), task.tid());
        yield true;
      }
      case Delete.TaskGone() -> gone(task);
    };
  }

  /** What was there: our own older value, one that nobody set yet, or what somebody else wrote. */
  private Change overwriteKind(int tid, ManagedMap map, byte[] found, Value wanted, Since since) {
    Optional<Value> known = ledger.get(map.name(), tid);
    if (known.isPresent()) {
      return known.get().equals(wanted) ? Change.FOREIGN : Change.UPDATED;
    }
    if (since != Since.EARLIER) {
      return Change.UPDATED;
    }
    // A program that keeps a field of its own creates entries too, with zeros in our bytes.
    StructLayout layout = map.spec().layout();
    boolean unset = Value.zero(layout.sizeBytes()).sameOwnedBytes(found, layout);
    return unset ? Change.LATE : Change.FOREIGN;
  }

  /** A zombie keeps what it has until it is reaped: nobody will read a new value. */
  private static boolean isAlive(Pidfd task) {
    return task.state() == TaskState.ALIVE;
  }

  /** From 6.15 on a pidfd says so only when the last thread has exited (delay_group_leader). */
  private static boolean isZombieLeader(int tid) {
    return ProcFs.stat(tid).filter(ProcFs.Stat::isZombie).isPresent();
  }

  private boolean gone(Pidfd task) {
    ledger.forget(task.tid());
    return true;
  }
}
