package io.taskstorage.bpf.sys;

/** The machines whose system call numbers are known. */
enum Machine {
  X86_64,
  ARM64;

  /**
   * The machine of a Java virtual machine.
   *
   * @param osArch the system property {@code os.arch}
   * @throws UnsupportedOperationException for any other machine
   */
  static Machine of(String osArch) {
    return switch (osArch) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> ARM64;
      default ->
          throw new UnsupportedOperationException(
              "system call numbers "
                  + osArch
                  + ": unknown machine: run on x86_64 (amd64) or arm64 (aarch64)");
    };
  }

  /** This virtual machine's. */
  static Machine current() {
    return of(System.getProperty("os.arch"));
  }
}
