package io.taskstorage.bpf;

/**
 * The entries of one task storage map, one per task: the kernel's ({@link BpfMap}), or something
 * else that answers as the kernel does.
 *
 * <p>What can happen to any task at any time is a result; everything else is a {@link
 * BpfException}. Confined to one thread, as are the pidfds.
 */
public interface TaskEntries {
  /**
   * Copies a task's value. Where a BPF program writes the entry in place at the same moment, the
   * copy may hold some bytes from before and some from after.
   */
  Lookup lookup(Pidfd task);

  /**
   * Creates or replaces a task's entry, as {@code mode} allows.
   *
   * @param value exactly value_size bytes; copied
   * @throws IllegalArgumentException if it has another length
   */
  Update update(Pidfd task, byte[] value, UpdateMode mode);

  /** Deletes a task's entry. */
  Delete delete(Pidfd task);
}
