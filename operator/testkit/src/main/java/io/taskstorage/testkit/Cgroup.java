package io.taskstorage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A cgroup of the tests (cgroups(7), version 2).
 *
 * @param root where cgroup2 is mounted
 * @param path its folder
 */
public record Cgroup(Path root, Path path) {
  /** The path from the cgroup2 root: {@code /a/b}. */
  public String pathFromRoot() {
    return "/" + root.relativize(path);
  }

  /** The kernel's id of the cgroup: its inode number, what bpf_get_current_cgroup_id() returns. */
  public long id() {
    try {
      return (Long) Files.getAttribute(path, "unix:ino");
    } catch (IOException e) {
      throw failed("read id of", e);
    }
  }

  /**
   * Makes a cgroup below this one. Names are taken as they are (escapes like {@code \x2d} are part
   * of a name); those that exist already are entered.
   */
  public Cgroup create(String... names) {
    Path below = path;
    for (String name : names) {
      below = below.resolve(name);
      try {
        Files.createDirectories(below);
      } catch (IOException e) {
        throw failed("make", e);
      }
    }
    return new Cgroup(root, below);
  }

  /** Whether it is there. */
  public boolean exists() {
    return Files.isDirectory(path);
  }

  /** Moves a process in, with all its threads. */
  public void add(int pid) {
    write("cgroup.procs", Integer.toString(pid));
  }

  /** Moves one thread in; only within a threaded subtree. */
  public void addThread(int tid) {
    write("cgroup.threads", Integer.toString(tid));
  }

  /** Moves a task's whole process in. */
  public void add(Task task) {
    add(task.pid());
  }

  /** Makes this cgroup threaded ({@code cgroup.type}). Its parent becomes a threaded domain. */
  public void makeThreaded() {
    write("cgroup.type", "threaded");
  }

  /** What {@code cgroup.type} says: domain, domain threaded, domain invalid, threaded. */
  public String type() {
    return read("cgroup.type").strip();
  }

  /** Hands the subtree to a user, as a service manager does: the folder and its three files. */
  public void delegateTo(int uid) {
    try {
      for (String name : List.of("", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control")) {
        Files.setAttribute(path.resolve(name), "unix:uid", uid);
      }
    } catch (IOException e) {
      throw failed("delegate", e);
    }
  }

  /** The processes that have a thread here; not below. */
  public List<Integer> processes() {
    return numbers("cgroup.procs");
  }

  /** The threads here; not below. */
  public List<Integer> threads() {
    return numbers("cgroup.threads");
  }

  /** The cgroups directly below. */
  public List<Cgroup> children() {
    try (Stream<Path> entries = Files.list(path)) {
      return entries.filter(Files::isDirectory).sorted().map(p -> new Cgroup(root, p)).toList();
    } catch (IOException e) {
      throw failed("list", e);
    }
  }

  /** Removes this cgroup, which is empty. */
  public void remove() {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw failed("remove", e);
    }
  }

  /** Kills everything here and below, and removes all of it. */
  public void removeTree() {
    if (!exists()) {
      return;
    }
    kill();
    for (Cgroup child : children()) {
      child.removeTree();
    }
    // Dying tasks keep a cgroup busy until the kernel is done with them.
    Awaitility.await("removal of " + path)
        .atMost(Limits.GENEROUS)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .pollInSameThread()
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(
            () -> {
              remove();
              return true;
            });
  }

  /** Kills everything here and below, but never this JVM: that is moved to the root first. */
  private void kill() {
    int self = Math.toIntExact(ProcessHandle.current().pid());
    try {
      if (isBelow(self)) {
        new Cgroup(root, root).add(self);
      }
      write("cgroup.kill", "1");
    } catch (UncheckedIOException e) {
      // Before Linux 5.14, and in threaded cgroups, there is no cgroup.kill: one by one.
      threads().stream().filter(tid -> tid != self).forEach(Cgroup::killTask);
    }
  }

  private boolean isBelow(int pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/cgroup"))) {
      return lines.anyMatch(
          line ->
              line.startsWith("0::" + pathFromRoot() + "/") || line.equals("0::" + pathFromRoot()));
    } catch (IOException e) {
      return false;
    }
  }

  private static void killTask(int tid) {
    Command.of("kill", "-KILL", Integer.toString(tid)).run();
  }

  private List<Integer> numbers(String file) {
    return read(file).lines().map(Integer::valueOf).toList();
  }

  private String read(String file) {
    try {
      return Files.readString(path.resolve(file));
    } catch (IOException e) {
      throw failed("read " + file + " of", e);
    }
  }

  private void write(String file, String text) {
    try {
      // Without CREATE: a cgroup has the files it has.
      Files.write(
          path.resolve(file), text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failed("write " + text + " to " + file + " of", e);
    }
  }

  private UncheckedIOException failed(String what, IOException cause) {
    String why =
        cause instanceof NoSuchFileException ? "no such file or folder" : cause.getMessage();
    return new UncheckedIOException(what + " cgroup " + pathFromRoot() + ": " + why, cause);
  }
}
