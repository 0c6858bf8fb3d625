package io.taskstorage.benchmarks;

import io.taskstorage.bpf.Bpffs;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a measurement stands on: a folder, a bpffs of its own, a cgroup, compiled C programs. All of
 * it goes with {@link #close}, or when a signal ends this JVM, cgroups made below the own one too.
 */
final class Ground implements AutoCloseable {
  private final Path folder;
  private final Path bpffs;
  private final Path cgroupRoot;
  private final Path cgroup;
  private final Thread atExit = new Thread(this::clearAtExit, "clear the ground");

  /** What it was before; 0 if it still is. */
  private final AtomicInteger pidMax = new AtomicInteger();

  private Ground(Path folder, Path cgroupRoot) throws IOException {
    this.folder = folder;
    this.bpffs = Files.createDirectory(folder.resolve("bpffs"));
    this.cgroupRoot = cgroupRoot;
    this.cgroup =
        Files.createDirectory(
            cgroupRoot.resolve("taskstorage-bench-" + ProcessHandle.current().pid()));
  }

  static Ground make() {
    Path root =
        CgroupTree.mountPoint()
            .orElseThrow(() -> new IllegalStateException("cgroup2: not mounted: mount it"));
    try {
      Ground ground = new Ground(Files.createTempDirectory("taskstorage-bench-"), root);
      Bpffs.mount(ground.bpffs);
      Runtime.getRuntime().addShutdownHook(ground.atExit);
      return ground;
    } catch (IOException e) {
      throw new UncheckedIOException("make the ground: " + e.getMessage(), e);
    }
  }

  Path bpffs() {
    return bpffs;
  }

  Path cgroup() {
    return cgroup;
  }

  Path cgroupRoot() {
    return cgroupRoot;
  }

  Path folder() {
    return folder;
  }

  long cgroupInode() {
    return inode(cgroup);
  }

  /** The number by which the kernel knows a cgroup. */
  static long inode(Path cgroup) {
    try {
      return (long) Files.getAttribute(cgroup, "unix:ino");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A cgroup below the own one, with what is missing between. */
  Path makeCgroup(String path) {
    return makeFolder(cgroup.resolve(path));
  }

  /** A tree of pins of its own, for a plane that is not alone. */
  PinTree pins(String name) {
    return new PinTree(makeFolder(bpffs.resolve(name)));
  }

  /** Makes a folder, a cgroup too, with what is missing above it. */
  static Path makeFolder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("make " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Compiles src/main/c/NAME.c with the flags of a release; libraries come after it. */
  Path program(String name, String... libraries) {
    return compile(name + ".c", folder.resolve(name), List.of("gcc", "-pthread"), libraries);
  }

  /** Compiles src/main/c/NAME.bpf.c to an object that libbpf loads. */
  Path bpfObject(String name, String... definitions) {
    String headers = "/usr/include/" + System.getProperty("os.arch").replace("amd64", "x86_64");
    List<String> compiler = new ArrayList<>();
    // Without the last flag the number of a helper may get into a register.
    compiler.addAll(List.of("bpf-gcc", "-c", "-gbtf", "-fno-cse-follow-jumps"));
    compiler.addAll(List.of("-isystem", "/usr/include", "-isystem", headers + "-linux-gnu"));
    return compile(name + ".bpf.c", folder.resolve(name + ".bpf.o"), compiler, definitions);
  }

  private static Path compile(String name, Path output, List<String> compiler, String... more) {
    Path source = Path.of(System.getProperty("benchmarks.c", "src/main/c"), name);
    List<String> command = new ArrayList<>(compiler);
    command.addAll(List.of("-O2", "-o", output.toString(), source.toString()));
    command.addAll(List.of(more));
    try {
      int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("compile " + source + ": exit code " + exit);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("compile " + source + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("compile " + source + ": interrupted", e);
    }
  }

  /**
   * Lets the kernel number as many tasks until the end of the ground. Where it may not be changed,
   * as in a container, everything stays as it is.
   */
  void raisePidMax(int numbers) {
    int before = Sysctl.read(Sysctl.PID_MAX);
    if (before >= numbers) {
      return;
    }
    try {
      Sysctl.write(Sysctl.PID_MAX, numbers);
      pidMax.compareAndSet(0, before);
    } catch (IOException e) {
      System.err.println("raise kernel.pid_max to " + numbers + ": " + e.getMessage());
    }
  }

  private void restorePidMax() {
    int before = pidMax.getAndSet(0);
    if (before == 0) {
      return;
    }
    try {
      Sysctl.write(Sysctl.PID_MAX, before);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "put kernel.pid_max back to " + before + ": " + e.getMessage(), e);
    }
  }

  /** Sleeping threads in the cgroup. */
  Contestant crowd(int threads) {
    return crowd(threads, cgroup);
  }

  /** Sleeping threads in a cgroup. */
  Contestant crowd(int threads, Path in) {
    return Contestant.start(
            "crowd", List.of(program("crowd").toString(), Integer.toString(threads), in.toString()))
        .awaitReady();
  }

  /** A signal came: what was started here ends first, for it holds what is to be removed. */
  private void clearAtExit() {
    List<ProcessHandle> started = ProcessHandle.current().descendants().toList();
    started.forEach(ProcessHandle::destroy);
    started.forEach(process -> process.onExit().join());
    clear();
  }

  private void clear() {
    restorePidMax();
    Bpffs.unmount(bpffs);
    delete(folder, _ -> true);
    delete(cgroup, Files::isDirectory);
  }

  /**
   * Removes a folder with what is in it, the innermost first; the kernel's own files go with it.
   */
  private static void delete(Path folder, Predicate<Path> which) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(which).sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("clear the ground: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // This JVM ends by a signal: the hook is at it.
    }
    clear();
  }
}
