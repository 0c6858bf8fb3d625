package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Uapi;

/** What a descriptor opened from a pin may do. It binds this descriptor alone, no program. */
public enum Access {
  /** Everything. */
  READ_WRITE(0),
  /** No update, no deletion. */
  READ_ONLY(Uapi.BPF_F_RDONLY),
  /** No lookup. */
  WRITE_ONLY(Uapi.BPF_F_WRONLY);

  private final int fileFlags;

  Access(int fileFlags) {
    this.fileFlags = fileFlags;
  }

  int fileFlags() {
    return fileFlags;
  }
}
