/**
 * The binding of bpf(2): the only module that calls native code. Package sys, which makes the
 * calls, is hidden from all others.
 */
module io.taskstorage.bpf {
  requires static org.jspecify;

  exports io.taskstorage.bpf;
  exports io.taskstorage.bpf.asm;
  exports io.taskstorage.bpf.btf;
}
