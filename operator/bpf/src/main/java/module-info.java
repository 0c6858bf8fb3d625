/** bpf(2) through the foreign function interface; the only module that needs native access. */
module io.taskstorage.bpf {
  requires static org.jspecify;

  exports io.taskstorage.bpf;
  exports io.taskstorage.bpf.asm;
  exports io.taskstorage.bpf.btf;
}
