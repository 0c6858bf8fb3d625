package io.taskstorage.bpf.btf;

/** Bytes that are no BTF, or types within them that contradict each other. */
public final class BtfException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BtfException(String message) {
    super(message);
  }
}
