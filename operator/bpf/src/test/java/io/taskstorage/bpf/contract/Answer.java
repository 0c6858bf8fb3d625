package io.taskstorage.bpf.contract;

import io.taskstorage.bpf.sys.Syscall;

/**
 * What came of a call.
 *
 * @param text {@code ok}, the name of an errno, or {@code refused} where our own code says no
 *     before the kernel is asked
 */
record Answer(String text) {
  static final Answer OK = new Answer("ok");
  static final Answer REFUSED = new Answer("refused");

  /** For a case that a kernel does not have. */
  static final Answer NOT_ASKED = new Answer("-");

  /** Of a system call's result: zero or more, or the errno negated. */
  static Answer of(long result) {
    return result >= 0 ? OK : new Answer(Syscall.errno(result).name());
  }

  boolean isOk() {
    return equals(OK);
  }

  @Override
  public String toString() {
    return text;
  }
}
