package io.taskstorage.agent.doctor;

import io.taskstorage.agent.nri.SocketTrust;
import io.taskstorage.bpf.Bpffs;
import io.taskstorage.console.Check;
import io.taskstorage.console.Check.Need;
import io.taskstorage.console.Finding;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** What the node has mounted, and what this process may see of it. */
final class NodeChecks {
  /** PROC_PID_INIT_INO of include/linux/proc_ns.h: the same on every kernel. */
  private static final String INITIAL_PID_NAMESPACE = "pid:[4026531836]";

  /** A pass holds a handful of descriptors; the JVM and its jars hold some dozens. */
  private static final int ENOUGH_FILES = 256;

  private static final String RUNTIME_LATER =
      "turn on the runtime's node resource interface (NRI): without it a container has its pod's"
          + " value from its first instruction on, and one of its own once the API server tells its"
          + " id";

  private final Path proc;

  NodeChecks(Path proc) {
    this.proc = proc;
  }

  /** Whether pins have a place. */
  Check bpffs(PinTree tree) {
    Path root = tree.root();
    return new Check("bpffs", Need.REQUIRED, bpffsAt(root));
  }

  private static Finding bpffsAt(Path root) {
    if (Bpffs.isBpffs(root)) {
      return new Finding.Yes(root.toString());
    }
    String elsewhere =
        Bpffs.mountPoint().map(mounted -> "; one is mounted at " + mounted).orElse("");
    return new Finding.No(
        "none at " + root + elsewhere,
        "mount -t bpf bpf " + root + ", or name the folder of another one by --bpffs DIR");
  }

  /** Whether there are cgroups that values can belong to. */
  Check cgroups(Optional<Path> root) {
    return new Check(
        "cgroup2",
        Need.REQUIRED,
        root.map(NodeChecks::cgroupsAt)
            .orElseGet(
                () ->
                    new Finding.No(
                        "mounted nowhere",
                        "mount -t cgroup2 none /sys/fs/cgroup, or start the system with"
                            + " systemd.unified_cgroup_hierarchy=1")));
  }

  private static Finding cgroupsAt(Path root) {
    try {
      return new Finding.Yes(CgroupTree.open(root).root().toString());
    } catch (StoreException e) {
      return new Finding.No(
          String.valueOf(e.getMessage()),
          "name the folder where cgroup2 is mounted by --cgroup-root");
    }
  }

  /** Whether every task of the node has a number here. */
  Check pidNamespace() {
    return new Check("pid namespace", Need.USEFUL, pidNamespaceFinding());
  }

  private Finding pidNamespaceFinding() {
    try {
      String link = Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
      return link.equals(INITIAL_PID_NAMESPACE)
          ? new Finding.Yes("the node's own: every task can be reached")
          : new Finding.No(
              link + ": tasks outside of it cannot be reached",
              "run it on the node itself, or with the node's pid namespace (hostPID: true)");
    } catch (IOException e) {
      return new Finding.Unknown("read /proc/self/ns/pid: " + why(e));
    }
  }

  /** Whether there are descriptors enough for pidfds. */
  Check openFiles() {
    return new Check("open files", Need.USEFUL, openFilesFinding());
  }

  private Finding openFilesFinding() {
    try (var lines = Files.lines(proc.resolve("self/limits"))) {
      String limit =
          lines
              .filter(line -> line.startsWith("Max open files"))
              .map(line -> line.substring("Max open files".length()).strip().split("\\s+", -1)[0])
              .findFirst()
              .orElse("unlimited");
      if (!limit.equals("unlimited") && Long.parseLong(limit) < ENOUGH_FILES) {
        return new Finding.No(
            "at most " + limit + " (RLIMIT_NOFILE)", "raise it: ulimit -n 4096, or LimitNOFILE=");
      }
      return new Finding.Yes("at most " + limit + " (RLIMIT_NOFILE)");
    } catch (IOException e) {
      return new Finding.Unknown("read /proc/self/limits: " + why(e));
    }
  }

  /**
   * Whether a container runtime tells of containers before they start. Looks at the socket alone:
   * to connect to it and say nothing would hold up others.
   */
  static Check containerEvents(Path socket) {
    return new Check("container events", Need.USEFUL, containerEventsFinding(socket));
  }

  private static Finding containerEventsFinding(Path socket) {
    try {
      return SocketTrust.refusal(socket)
          .<Finding>map(why -> new Finding.No(socket + ": " + why, RUNTIME_LATER))
          .orElseGet(() -> new Finding.Yes("told by a runtime at " + socket));
    } catch (NoSuchFileException e) {
      return new Finding.No("no socket at " + socket, RUNTIME_LATER);
    } catch (IOException e) {
      return new Finding.Unknown("look at " + socket + ": " + why(e));
    }
  }

  /** The JDK's exceptions for files leave the cause to their type. */
  private static String why(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(failure.getMessage());
    };
  }
}
