package io.taskstorage.bpf;

/**
 * The entries of one task storage map, keyed by pidfd: the kernel's ({@link BpfMap}), or something
 * that answers as the kernel would.
 *
 * <p>Expected outcomes are results; every other errno is a {@link BpfException}. Confined to one
 * thread.
 */
public interface TaskEntries {
  /** Copies the task's value. The copy may tear against a program that writes in place. */
  Lookup lookup(Pidfd task);

  /**
   * Creates or replaces the task's value.
   *
   * @param value exactly value_size bytes; not kept
   */
  Update update(Pidfd task, byte[] value, UpdateMode mode);

  /** Deletes the task's entry. */
  Delete delete(Pidfd task);
}
