package io.taskstorage.telemetry;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Where logged events go. Off until it is started, so that a command that people type logs nothing.
 * Any thread may log.
 */
public final class Logs {
  /** Warns of each kind whose version is not v1 yet, to people who can do nothing about it. */
  private static final String VERSION_TALK =
      "io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils";

  private static final String OURS = "io.taskstorage";

  private static final AtomicReference<@Nullable Logs> STARTED = new AtomicReference<>();

  private final LogFormat format;
  private final Level level;
  private final PrintStream out;
  private final InstantSource clock;

  private Logs(LogFormat format, Level level, PrintStream out, InstantSource clock) {
    this.format = format;
    this.level = level;
    this.out = out;
    this.clock = clock;
  }

  /**
   * Logs from now on, for the whole process.
   *
   * @param level the least important level of ours that is logged; of libraries only what is more
   *     important than that, and at least a warning
   * @param out stays the caller's; one call of println per event
   */
  public static void start(LogFormat format, Level level, PrintStream out) {
    start(format, level, out, InstantSource.system());
  }

  static void start(LogFormat format, Level level, PrintStream out, InstantSource clock) {
    STARTED.set(new Logs(format, level, out, clock));
  }

  /** Logs nothing any more. */
  public static void stop() {
    STARTED.set(null);
  }

  static boolean isEnabled(String logger, Level level) {
    Logs logs = STARTED.get();
    return logs != null && level.toInt() >= logs.least(logger).toInt();
  }

  private Level least(String logger) {
    if (logger.startsWith(OURS)) {
      return level;
    }
    if (logger.equals(VERSION_TALK)) {
      return Level.ERROR;
    }
    return level.toInt() > Level.WARN.toInt() ? level : Level.WARN;
  }

  /** Where the line of an event begins; {@link #print} ends it. Null while logs are off. */
  static @Nullable LogLine line(Level level, String logger, String message) {
    Logs logs = STARTED.get();
    return logs == null
        ? null
        : new LogLine(logs.format, logs.clock.instant(), level, logger, message);
  }

  /** True where an exception is logged with where it came from: errors, and all when debugging. */
  static boolean isWithStack(Level level) {
    Logs logs = STARTED.get();
    return level == Level.ERROR || (logs != null && logs.level.toInt() <= Level.DEBUG.toInt());
  }

  static void print(LogLine line) {
    Logs logs = STARTED.get();
    if (logs != null) {
      logs.out.println(line);
    }
  }
}
