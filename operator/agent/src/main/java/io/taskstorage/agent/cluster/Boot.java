package io.taskstorage.agent.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which boot of the node this is. Maps and cgroups go with it. */
public final class Boot {

  /** The same in every container; where kubelets look too. */
  private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

  private Boot() {}

  /** The kernel's name for it; empty where /proc does not show it. */
  public static Optional<String> id() {
    try {
      return Optional.of(Files.readString(ID).strip()).filter(id -> !id.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
