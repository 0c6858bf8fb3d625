package io.taskstorage.testkit;

import io.taskstorage.testkit.KernelTest.Need;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds out, by doing, whether this machine has what kernel tests need. */
final class KernelNeeds {
  private static final String MAKE_A_MAP =
      """
      #include <linux/bpf.h>
      #include <errno.h>
      #include <stdio.h>
      #include <string.h>
      #include <sys/syscall.h>
      #include <unistd.h>

      int main(void) {
        union bpf_attr attr;
        memset(&attr, 0, sizeof attr);
        attr.map_type = BPF_MAP_TYPE_HASH;
        attr.key_size = attr.value_size = 4;
        attr.max_entries = 1;
        if (syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr) >= 0) return 0;
        puts(strerror(errno));
        return 1;
      }
      """;

  private KernelNeeds() {}

  /** Why {@code need} is not met here; empty if it is. */
  static Optional<String> missing(Need need) {
    return switch (need) {
      case BPF -> bpf();
      case CGROUP2 -> cgroup2();
      case BPFFS -> bpffs();
      case BPFTOOL -> bpftool();
    };
  }

  private static Optional<String> bpf() {
    try {
      Outcome outcome = Gcc.run("make-a-map", MAKE_A_MAP);
      return outcome.exitCode() == 0
          ? Optional.empty()
          : Optional.of(
              "bpf(2) refused to make a map: "
                  + outcome.stdout().strip()
                  + ": run as root or with CAP_BPF");
    } catch (CommandMissing e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> cgroup2() {
    Optional<Path> root = MountInfo.cgroup2Root();
    if (root.isEmpty()) {
      return Optional.of("no cgroup2 hierarchy is mounted: mount -t cgroup2 cgroup2 DIR");
    }
    return Files.isWritable(root.get())
        ? Optional.empty()
        : Optional.of("no cgroup can be made in " + root.get() + ": run as root");
  }

  private static Optional<String> bpffs() {
    try (TemporaryBpffs bpffs = TemporaryBpffs.mount()) {
      return Files.isWritable(bpffs.path())
          ? Optional.empty()
          : Optional.of("a bpffs was mounted but cannot be written: run as root");
    } catch (CommandMissing | AssertionError e) {
      return Optional.of("no bpffs can be mounted: " + e.getMessage() + ": run as root");
    }
  }

  private static Optional<String> bpftool() {
    try {
      return Bpftool.command("version").run().exitCode() == 0
          ? Optional.empty()
          : Optional.of("bpftool does not run: run tools/test-packages");
    } catch (CommandMissing e) {
      return Optional.of("bpftool is not installed: run tools/test-packages");
    }
  }
}
