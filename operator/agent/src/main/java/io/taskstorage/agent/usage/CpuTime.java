package io.taskstorage.agent.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How long a task has run on a CPU since it began, as /proc says. */
public final class CpuTime {
  /** USER_HZ of the kernel's interface: the same on every machine that this runs on. */
  private static final long NANOS_PER_TICK = 10_000_000;

  /** Of what stands behind the task's name in its stat file. */
  private static final int USER_TICKS = 11;

  private static final int SYSTEM_TICKS = 12;

  private final Path proc;

  /** Reads below a folder like /proc. */
  public CpuTime(Path proc) {
    this.proc = proc;
  }

  /**
   * In nanoseconds; empty if the task has ended.
   *
   * <p>From schedstat, to the nanosecond, where the kernel keeps it, else from stat, in steps of 10
   * ms.
   */
  public OptionalLong ofTask(int tgid, int tid) {
    Path task = proc.resolve(tgid + "/task/" + tid);
    OptionalLong exact = schedstat(task);
    // A kernel that does not count says zero.
    return exact.orElse(0) > 0 ? exact : stat(task);
  }

  private static OptionalLong schedstat(Path task) {
    String text = read(task.resolve("schedstat"));
    int end = text.indexOf(' ');
    return end < 0 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.substring(0, end)));
  }

  private static OptionalLong stat(Path task) {
    String text = read(task.resolve("stat"));
    // The name stands in parentheses and may hold any character, a parenthesis too.
    int afterName = text.lastIndexOf(')');
    if (afterName < 0) {
      return OptionalLong.empty();
    }
    String[] fields = text.substring(afterName + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    return OptionalLong.of(ticks * NANOS_PER_TICK);
  }

  /** The text; empty if the file or the task is not there. */
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
