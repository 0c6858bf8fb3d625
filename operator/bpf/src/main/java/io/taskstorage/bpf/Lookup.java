package io.taskstorage.bpf;

/** What became of a lookup of one task's entry. */
public sealed interface Lookup {
  /**
   * The task has an entry.
   *
   * @param value a copy, the caller's own
   */
  @SuppressWarnings("ArrayRecordComponent") // Made for the one caller, and never compared.
  record Present(byte[] value) implements Lookup {}

  /** The task is alive or a zombie, and has no entry in this map. */
  record NoEntry() implements Lookup {}

  /** The task has been reaped, and its entries are gone with it. */
  record TaskGone() implements Lookup {}
}
