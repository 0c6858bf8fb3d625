package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;

/**
 * The steps of a run between what it reads and what it stores. There is one way to take them; tests
 * leave one out, or hold a run between two, to see that it is missed.
 */
interface StoreSteps {
  /** As the protocol wants them. */
  StoreSteps PROTOCOL = new StoreSteps() {};

  /** Row and slots have been read; nothing of what was read lies in R0 to R5. */
  default void rowRead(Asm asm) {}

  /** The value's address is in R9; nothing lies in R0 to R5. */
  default void valueFound(Asm asm) {}

  /** {@code *entry = *value}; R0 to R5 may be lost. */
  default void copy(Asm asm, ValueRuns runs, Reg entry, Reg value) {
    runs.copy(asm, entry, value);
  }

  /**
   * All is stored; nothing lies in R0 to R5.
   *
   * @param done where it would go on without a second look
   */
  default void stored(Asm asm, Label done) {}
}
