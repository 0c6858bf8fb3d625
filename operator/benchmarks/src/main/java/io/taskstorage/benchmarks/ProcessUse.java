package io.taskstorage.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a running process has used, as {@code /proc} tells it. */
record ProcessUse(Process process) {
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern SLEPT = Pattern.compile("\\nvoluntary_ctxt_switches:\\s+(\\d+)");

  /** Processor time so far. */
  long cpuNanos() {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  /** Resident memory in bytes. */
  double rss() {
    try {
      return number(RSS, folder().resolve("status")) * 1024.0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often its threads that live have gone to sleep, and so were or will be woken. */
  long wakeups() {
    try (Stream<Path> threads = Files.list(folder().resolve("task"))) {
      long sum = 0;
      for (Path thread : threads.toList()) {
        sum += slept(thread);
      }
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long slept(Path thread) throws IOException {
    try {
      return number(SLEPT, thread.resolve("status"));
    } catch (NoSuchFileException e) {
      return 0; // It has ended meanwhile.
    }
  }

  private Path folder() {
    return Path.of("/proc", Long.toString(process.pid()));
  }

  private static long number(Pattern pattern, Path file) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(file));
    if (!matcher.find()) {
      throw new IllegalStateException("read " + file + ": no line " + pattern);
    }
    return Long.parseLong(matcher.group(1));
  }
}
