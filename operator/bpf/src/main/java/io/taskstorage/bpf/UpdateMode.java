package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Uapi;

/** Which entries an update may write: the element flags of BPF_MAP_UPDATE_ELEM. */
public enum UpdateMode {
  /** Creates or replaces. */
  ANY(Uapi.BPF_ANY),
  /** Only creates. */
  NOEXIST(Uapi.BPF_NOEXIST),
  /** Only replaces. */
  EXIST(Uapi.BPF_EXIST);

  private final int flags;

  UpdateMode(int flags) {
    this.flags = flags;
  }

  int flags() {
    return flags;
  }
}
