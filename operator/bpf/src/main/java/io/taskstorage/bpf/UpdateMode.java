package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Uapi;

/** When an update may take place; the kernel's element flags. */
public enum UpdateMode {
  /** Create or replace. */
  ANY(Uapi.BPF_ANY),
  /** Only create. */
  NOEXIST(Uapi.BPF_NOEXIST),
  /** Only replace. */
  EXIST(Uapi.BPF_EXIST);

  private final int flags;

  UpdateMode(int flags) {
    this.flags = flags;
  }

  int flags() {
    return flags;
  }
}
