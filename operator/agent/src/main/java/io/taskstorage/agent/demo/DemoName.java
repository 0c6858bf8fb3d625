package io.taskstorage.agent.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What everything of one demo is named: by its process, which no other process of this boot equals.
 *
 * @param pid the process's id, which the kernel may give to another one later
 * @param start when the process began, in clock ticks since boot: field 22 of proc_pid_stat(5)
 */
record DemoName(long pid, long start) {
  private static final String PREFIX = "taskstorage-demo-";

  /** A temporary folder may have a third number, where its name was taken. */
  private static final Pattern FORM =
      Pattern.compile(Pattern.quote(PREFIX) + "(\\d{1,10})-(\\d{1,18})(?:-\\d+)?");

  /** The fields behind the comm, which may hold blanks and parentheses; the first is the third. */
  private static final int START_AFTER_COMM = 22 - 3;

  static DemoName ofThisProcess() throws IOException {
    long pid = ProcessHandle.current().pid();
    return new DemoName(
        pid, start(pid).orElseThrow(() -> new IOException("read /proc/" + pid + "/stat")));
  }

  /** The name that a file or folder bears; empty where it is no demo's. */
  static Optional<DemoName> of(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new DemoName(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** True while the very process runs. */
  boolean isAlive() {
    OptionalLong now = start(pid);
    return now.isPresent() && now.getAsLong() == start;
  }

  private static OptionalLong start(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return OptionalLong.of(Long.parseLong(fields[START_AFTER_COMM]));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public String toString() {
    return PREFIX + pid + "-" + start;
  }
}
