package io.taskstorage.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Sleeping threads in the cgroup of a ground, in processes of {@link #OF_ONE}: what looks at a
 * whole process pays for each of its threads.
 */
final class Sleepers implements AutoCloseable {
  private static final int OF_ONE = 100;

  /** In what steps there are fewer than wanted. */
  private static final int STEP = 10_000;

  /** Left to whatever else runs here. */
  private static final int NUMBERS_LEFT = 1_000;

  private final List<Contestant> processes = new ArrayList<>();

  private Sleepers() {}

  static Sleepers start(Ground ground, int tasks) {
    Sleepers sleepers = new Sleepers();
    String crowd = ground.program("crowd").toString();
    try {
      for (int left = tasks; left > 0; left -= OF_ONE) {
        String threads = Integer.toString(Math.min(left, OF_ONE));
        sleepers.processes.add(
            Contestant.start("crowd", List.of(crowd, threads, ground.cgroup().toString()))
                .awaitReady());
      }
      return sleepers;
    } catch (RuntimeException e) {
      sleepers.close();
      throw e;
    }
  }

  /**
   * As many as wanted, or as many tens of thousands as this machine has numbers for. It has more of
   * them until the end of the ground, if that is allowed.
   */
  static int fitting(Ground ground, int wanted) {
    ground.raisePidMax(running() + NUMBERS_LEFT + wanted);
    int fitting = fitting(wanted, numbers(), running());
    if (fitting < wanted) {
      System.err.printf(
          "%,d tasks: fewer than %,d numbers are free: raise kernel.pid_max and threads-max%n",
          fitting, wanted + NUMBERS_LEFT);
    }
    return fitting;
  }

  private static int numbers() {
    return Math.min(Sysctl.read(Sysctl.PID_MAX), Sysctl.read(Sysctl.THREADS_MAX));
  }

  static int fitting(int wanted, int limit, int running) {
    int room = Math.max(0, limit - running - NUMBERS_LEFT);
    return wanted <= room ? wanted : room / STEP * STEP;
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
