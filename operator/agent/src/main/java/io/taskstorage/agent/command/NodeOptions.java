package io.taskstorage.agent.command;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which kernel folders a command works on; several agents share a kernel by having their own. */
public final class NodeOptions {
  @Option(
      names = "--bpffs",
      paramLabel = "DIR",
      description =
          "Folder in a bpffs below which maps are pinned (default: where bpffs is mounted,"
              + " normally /sys/fs/bpf). Another folder makes this agent independent of others.")
  private Optional<Path> bpffs = Optional.empty();

  @Option(
      names = "--cgroup-root",
      paramLabel = "DIR",
      description =
          "Root of the cgroup2 tree (default: where cgroup2 is mounted, normally /sys/fs/cgroup).")
  private Optional<Path> cgroupRoot = Optional.empty();

  /** The folder that was asked for; empty means where bpffs is mounted. */
  public Optional<Path> bpffs() {
    return bpffs.map(path -> path.toAbsolutePath().normalize());
  }

  /** The tree that was asked for; empty means where cgroup2 is mounted. */
  public Optional<Path> cgroupRoot() {
    return cgroupRoot.map(path -> path.toAbsolutePath().normalize());
  }
}
