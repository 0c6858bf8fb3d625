package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Uapi;

/** What a descriptor opened from a pin may do from user space. It binds no program. */
public enum Access {
  READ_WRITE(0),
  READ_ONLY(Uapi.BPF_F_RDONLY),
  WRITE_ONLY(Uapi.BPF_F_WRONLY);

  private final int fileFlags;

  Access(int fileFlags) {
    this.fileFlags = fileFlags;
  }

  int fileFlags() {
    return fileFlags;
  }
}
