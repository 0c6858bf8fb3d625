package io.taskstorage.testkit;

import io.taskstorage.testkit.Leftover.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What this JVM holds at one moment, of all the kinds that a test must give back. */
final class Snapshot {
  private static final Path FDS = Path.of("/proc/self/fd");
  private static final Pattern KERNEL_OBJECT =
      Pattern.compile("anon_inode:.*(bpf|btf|pidfd|perf_event).*|pidfd:.*");
  private static final Pattern OBJECT_ID =
      Pattern.compile("(map_id|prog_id|link_id|btf_id|Pid):.*");

  private final Set<Leftover> items;

  private Snapshot(Set<Leftover> items) {
    this.items = items;
  }

  static Snapshot take() {
    Set<Leftover> items = new LinkedHashSet<>();
    try {
      descriptors(items);
      mappings(items);
      mountsAndPins(items);
      cgroups(items);
      podsOfHosts(items);
      threads(items);
      children(items);
    } catch (IOException e) {
      throw new UncheckedIOException("residue: cannot look: " + e.getMessage(), e);
    }
    return new Snapshot(items);
  }

  /** What there is more now; threads and children are given {@code windDown} to go. */
  List<Leftover> leftovers(Duration windDown) {
    long end = System.nanoTime() + windDown.toNanos();
    while (true) {
      List<Leftover> left = new ArrayList<>(take().items);
      left.removeAll(items);
      boolean mayStillGo = left.stream().anyMatch(item -> item.kind().windsDown());
      if (!mayStillGo || System.nanoTime() > end) {
        return left;
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static void descriptors(Set<Leftover> items) throws IOException {
    try (DirectoryStream<Path> fds = Files.newDirectoryStream(FDS)) {
      for (Path fd : fds) {
        String target;
        try {
          target = Files.readSymbolicLink(fd).toString();
        } catch (NoSuchFileException e) {
          continue;
        }
        if (KERNEL_OBJECT.matcher(target).matches() || target.contains(RunName.PREFIX)) {
          String number = fd.getFileName().toString();
          items.add(new Leftover(Kind.DESCRIPTOR, number + " " + target + objectId(number)));
        }
      }
    }
  }

  /** The kernel's id of what the descriptor is for: a number that was used twice differs here. */
  private static String objectId(String fd) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo", fd))) {
      return lines
          .filter(line -> OBJECT_ID.matcher(line).matches())
          .map(line -> " " + line.replaceAll("\\s+", " "))
          .findFirst()
          .orElse("");
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static void mappings(Set<Leftover> items) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      lines
          .filter(line -> line.contains("anon_inode:bpf") || line.contains("anon_inode:[perf"))
          .forEach(line -> items.add(new Leftover(Kind.MAPPING, line.replaceAll("\\s+", " "))));
    }
  }

  private static void mountsAndPins(Set<Leftover> items) throws IOException {
    for (MountInfo mount : MountInfo.all()) {
      if (!mount.type().equals("bpf") || !mount.point().toString().contains(RunName.PREFIX)) {
        continue;
      }
      items.add(new Leftover(Kind.MOUNT, mount.point().toString()));
      try (Stream<Path> pins = Files.walk(mount.point())) {
        pins.filter(pin -> !pin.equals(mount.point()))
            .forEach(pin -> items.add(new Leftover(Kind.PIN, pin.toString())));
      }
    }
  }

  private static void cgroups(Set<Leftover> items) throws IOException {
    Path root = MountInfo.cgroup2Root().orElse(null);
    if (root == null) {
      return;
    }
    try (DirectoryStream<Path> ours = Files.newDirectoryStream(root, RunName.PREFIX + "*")) {
      for (Path top : ours) {
        try (Stream<Path> below = Files.walk(top)) {
          below
              .filter(Files::isDirectory)
              .forEach(cgroup -> items.add(new Leftover(Kind.CGROUP, cgroup.toString())));
        }
      }
    }
  }

  /** Hosts stay from test to test, but not the pods that tests put there. */
  private static void podsOfHosts(Set<Leftover> items) throws IOException {
    Path root = MountInfo.cgroup2Root().orElse(null);
    if (root == null) {
      return;
    }
    try (DirectoryStream<Path> clusters = Files.newDirectoryStream(root, RunName.CLUSTER_CGROUPS)) {
      for (Path cluster : clusters) {
        try (Stream<Path> below = Files.walk(cluster)) {
          below
              .filter(path -> path.getFileName().toString().startsWith("pod"))
              .filter(Files::isDirectory)
              .forEach(cgroup -> items.add(new Leftover(Kind.CGROUP, cgroup.toString())));
        }
      }
    }
  }

  /** Non-daemon threads, which would keep a JVM alive, and daemons with our own names. */
  private static void threads(Set<Leftover> items) {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    Thread[] threads = new Thread[group.activeCount() + 64];
    int count = group.enumerate(threads);
    for (Thread thread : Arrays.asList(threads).subList(0, count)) {
      String name = thread.getName();
      if (!thread.isDaemon() || name.startsWith("taskstorage") || name.equals(Output.THREAD)) {
        items.add(new Leftover(Kind.THREAD, thread.threadId() + " " + name));
      }
    }
  }

  private static void children(Set<Leftover> items) throws IOException {
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        String pids;
        try {
          pids = Files.readString(task.resolve("children"));
        } catch (IOException e) {
          continue;
        }
        for (String pid : pids.strip().split(" ", -1)) {
          if (!pid.isEmpty()) {
            items.add(new Leftover(Kind.CHILD, pid + " " + comm(pid)));
          }
        }
      }
    }
  }

  private static String comm(String pid) {
    try {
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      // The 22nd field, the start time, tells two processes of one pid apart.
      return stat.substring(stat.indexOf('('), stat.lastIndexOf(')') + 1) + " since " + rest[19];
    } catch (IOException e) {
      return "(gone)";
    }
  }
}
