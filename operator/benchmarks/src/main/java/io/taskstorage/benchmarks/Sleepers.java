package io.taskstorage.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Sleeping threads in the cgroup of a ground, in processes of at most {@link #OF_ONE}: more do not
 * fit into the map of an address space.
 */
final class Sleepers implements AutoCloseable {
  private static final int OF_ONE = 10_000;

  /** Left to whatever else runs here. */
  private static final int NUMBERS_LEFT = 1_000;

  private final List<Contestant> processes = new ArrayList<>();

  private Sleepers() {}

  static Sleepers start(Ground ground, int tasks) {
    Sleepers sleepers = new Sleepers();
    try {
      for (int left = tasks; left > 0; left -= OF_ONE) {
        sleepers.processes.add(ground.crowd(Math.min(left, OF_ONE)));
      }
      return sleepers;
    } catch (RuntimeException e) {
      sleepers.close();
      throw e;
    }
  }

  /** As many as wanted, or as many tens of thousands as this machine has numbers for. */
  static int fitting(int wanted) {
    return fitting(wanted, Math.min(limit("pid_max"), limit("threads-max")), running());
  }

  static int fitting(int wanted, int limit, int running) {
    int room = Math.max(0, limit - running - NUMBERS_LEFT);
    return wanted <= room ? wanted : room / OF_ONE * OF_ONE;
  }

  private static int limit(String name) {
    return Integer.parseInt(read(Path.of("/proc/sys/kernel", name)).strip());
  }

  /** All tasks there are: the number after the slash. */
  private static int running() {
    return Integer.parseInt(read(Path.of("/proc/loadavg")).split("[ /]", -1)[4]);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    processes.forEach(Contestant::close);
  }
}
