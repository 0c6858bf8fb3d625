package io.taskstorage.agent.command;

import io.taskstorage.console.CommandFailure;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.taskstore.Membership;
import io.taskstorage.taskstore.PinTree;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Which kernel folders a command works on. Agents with folders of their own share a kernel without
 * meeting.
 */
public final class NodeOptions {
  /** Where distributions mount the bpffs, and where consumers look for pins. */
  public static final Path USUAL_BPFFS = Path.of("/sys/fs/bpf");

  @Option(
      names = "--bpffs",
      paramLabel = "DIR",
      description =
          "Folder of a bpffs below which the maps are pinned (default: /sys/fs/bpf). Another"
              + " folder makes an agent independent of others.")
  private Optional<Path> bpffs = Optional.empty();

  @Option(
      names = "--cgroup-root",
      paramLabel = "DIR",
      description =
          "Folder of the cgroup2 tree that cgroup paths are counted from (default: where cgroup2"
              + " is mounted).")
  private Optional<Path> cgroupRoot = Optional.empty();

  /** Every path of ours below the bpffs folder. */
  public PinTree pinTree() {
    return new PinTree(bpffs.map(NodeOptions::absolute).orElse(USUAL_BPFFS));
  }

  /**
   * The folder that was asked for, else where cgroup2 is mounted; empty where it is mounted
   * nowhere.
   */
  public Optional<Path> cgroupRoot() {
    return cgroupRoot.map(NodeOptions::absolute).or(CgroupTree::mountPoint);
  }

  /**
   * The cgroup tree.
   *
   * @throws CommandFailure if cgroup2 is mounted nowhere
   */
  public CgroupTree cgroupTree() {
    return CgroupTree.open(
        cgroupRoot()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "open cgroup tree: cgroup2 is not mounted: mount -t cgroup2 none"
                            + " /sys/fs/cgroup, or give its folder by --cgroup-root")));
  }

  /** Which task is where; without a cgroup2 tree tasks have entries all the same, and no paths. */
  Membership membership() {
    return cgroupRoot().<Membership>map(CgroupTree::open).orElseGet(EmulatedMembership::new);
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
