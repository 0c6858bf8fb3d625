package io.taskstorage.taskstore;

import io.taskstorage.bpf.Delete;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.TaskEntries;
import io.taskstorage.bpf.TaskState;
import io.taskstorage.bpf.Update;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.layout.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A task storage map in this process, over real tasks: the same answer for the same call. Each
 * entry holds a pidfd of its own, and is gone when that says that the task was reaped.
 *
 * <p>The number of a task is enough of a key: while neither the entry's pidfd nor the caller's says
 * reaped, both name the one task that has the number.
 *
 * <p>One difference to the kernel is known. When a thread that is not the leader calls execve(2),
 * the kernel's entry of that thread becomes the process's (its task_struct takes over the leader's
 * number); here the leader's entry stays, for nothing that user space can see tells which
 * task_struct survived. A store mends that with its next pass.
 */
final class EmulatedEntries implements TaskEntries, AutoCloseable {
  private final String name;
  private final int valueBytes;
  private final Map<Integer, Held> entries = new HashMap<>();

  private record Held(Pidfd task, Value value) {}

  EmulatedEntries(String name, int valueBytes) {
    this.name = name;
    this.valueBytes = valueBytes;
  }

  @Override
  public Lookup lookup(Pidfd task) {
    Optional<Held> held = held(task.tid());
    if (task.state() == TaskState.REAPED) {
      return new Lookup.TaskGone();
    }
    return held.isPresent()
        ? new Lookup.Present(held.get().value().toBytes())
        : new Lookup.NoEntry();
  }

  @Override
  public Update update(Pidfd task, byte[] value, UpdateMode mode) {
    if (value.length != valueBytes) {
      throw new IllegalArgumentException(
          "map update " + name + ": " + value.length + " bytes: the value has " + valueBytes);
    }
    Optional<Held> held = held(task.tid());
    if (task.state() == TaskState.REAPED) {
      return new Update.TaskGone();
    }
    if (held.isPresent()) {
      if (mode == UpdateMode.NOEXIST) {
        return new Update.AlreadyPresent();
      }
      entries.put(task.tid(), new Held(held.get().task(), Value.of(value)));
      return new Update.Updated();
    }
    return mode == UpdateMode.EXIST ? new Update.NoEntry() : create(task, value);
  }

  @Override
  public Delete delete(Pidfd task) {
    Optional<Held> held = held(task.tid());
    if (task.state() == TaskState.REAPED) {
      return new Delete.TaskGone();
    }
    if (held.isEmpty()) {
      return new Delete.NoEntry();
    }
    drop(task.tid());
    return new Delete.Deleted();
  }

  /** Forgets every entry. */
  @Override
  public void close() {
    entries.values().forEach(held -> held.task().close());
    entries.clear();
  }

  private Update create(Pidfd task, byte[] value) {
    return switch (Pidfd.openThread(task.tid())) {
      case PidfdResult.Opened(Pidfd own) -> {
        // Only now is it certain that the number still names the caller's task.
        if (task.state() == TaskState.REAPED) {
          own.close();
          yield new Update.TaskGone();
        }
        entries.put(task.tid(), new Held(own, Value.of(value)));
        yield new Update.Updated();
      }
      case PidfdResult.Gone(), PidfdResult.ThreadUnsupported() -> new Update.TaskGone();
      case PidfdResult.Refused(var cause) -> throw cause;
    };
  }

  /** The entry under this number, unless its task was reaped meanwhile. */
  private Optional<Held> held(int tid) {
    Held held = entries.get(tid);
    if (held != null && held.task().state() == TaskState.REAPED) {
      drop(tid);
      return Optional.empty();
    }
    return Optional.ofNullable(held);
  }

  private void drop(int tid) {
    Held held = entries.remove(tid);
    if (held != null) {
      held.task().close();
    }
  }
}
