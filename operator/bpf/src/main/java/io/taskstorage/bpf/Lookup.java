package io.taskstorage.bpf;

/** What the kernel answered to a lookup of one task's entry. */
public sealed interface Lookup {
  /** The task has an entry; the array is a copy that belongs to the caller. */
  @SuppressWarnings("ArrayRecordComponent") // A copy made for the caller, never compared.
  record Present(byte[] value) implements Lookup {}

  /** The task lives (or is a zombie) and has no entry in this map. */
  record NoEntry() implements Lookup {}

  /** The task has been reaped, and its entries with it. */
  record TaskGone() implements Lookup {}
}
