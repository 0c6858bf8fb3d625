package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Delete;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.TaskEntries;
import io.taskstorage.bpf.Update;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.layout.Value;

/**
 * One map's entries, task by task, as any program with the pin may read and write them. What is
 * written here to policy-owned bytes lasts until a store's next pass, which counts it as foreign.
 * Used by the thread that opened the map; lives as long as what it was got from.
 */
public final class EntryAccess {
  private final TaskEntries entries;
  private final TaskOpener opener;

  EntryAccess(TaskEntries entries, TaskOpener opener) {
    this.entries = entries;
    this.opener = opener;
  }

  /** What came of a call on one task. */
  public sealed interface TaskResult {
    /** The bytes that were read, written, or deleted. */
    record Done(Value value) implements TaskResult {}

    /** The task has no entry. */
    record NoEntry() implements TaskResult {}

    /** There is no such task. */
    record NoTask() implements TaskResult {}

    /** It is a thread that cannot be named on kernels before 6.9. */
    record ThreadUnsupported() implements TaskResult {}
  }

  /**
   * Reads one task's entry.
   *
   * @throws StoreException if the kernel refuses
   */
  public TaskResult get(int tid) {
    return onTask(tid, task -> result(entries.lookup(task)));
  }

  /**
   * Creates or replaces one task's entry.
   *
   * @throws StoreException if the kernel refuses
   * @throws IllegalArgumentException if the value is not of the map's size
   */
  public TaskResult set(int tid, Value value) {
    return onTask(
        tid,
        task ->
            switch (entries.update(task, value.toBytes(), UpdateMode.ANY)) {
              case Update.Updated() -> new TaskResult.Done(value);
              case Update.AlreadyPresent() -> new TaskResult.NoEntry();
              case Update.NoEntry() -> new TaskResult.NoEntry();
              case Update.TaskGone() -> new TaskResult.NoTask();
            });
  }

  /**
   * Removes one task's entry.
   *
   * @throws StoreException if the kernel refuses
   */
  public TaskResult delete(int tid) {
    return onTask(
        tid,
        task -> {
          TaskResult before = result(entries.lookup(task));
          return switch (entries.delete(task)) {
            case Delete.Deleted() -> before;
            case Delete.NoEntry() -> new TaskResult.NoEntry();
            case Delete.TaskGone() -> new TaskResult.NoTask();
          };
        });
  }

  private static TaskResult result(Lookup lookup) {
    return switch (lookup) {
      case Lookup.Present(byte[] value) -> new TaskResult.Done(Value.of(value));
      case Lookup.NoEntry() -> new TaskResult.NoEntry();
      case Lookup.TaskGone() -> new TaskResult.NoTask();
    };
  }

  private interface OnTask {
    TaskResult run(Pidfd task);
  }

  private TaskResult onTask(int tid, OnTask action) {
    try {
      return switch (opener.open(tid)) {
        case PidfdResult.Opened(Pidfd task) -> {
          try (task) {
            yield action.run(task);
          }
        }
        case PidfdResult.Gone() -> new TaskResult.NoTask();
        case PidfdResult.ThreadUnsupported() -> new TaskResult.ThreadUnsupported();
        case PidfdResult.Refused(BpfException cause) -> throw cause;
      };
    } catch (BpfException e) {
      throw new StoreException(new StoreProblem.KernelRefused(e));
    }
  }
}
