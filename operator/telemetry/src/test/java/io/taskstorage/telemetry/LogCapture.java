package io.taskstorage.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.slf4j.event.Level;

/** What is logged until it is closed. */
final class LogCapture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-02-03T04:05:06.070Z");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private LogCapture(LogFormat format, Level level) {
    Logs.start(format, level, new PrintStream(bytes, true, StandardCharsets.UTF_8), () -> NOW);
  }

  static LogCapture start() {
    return start(LogFormat.LOGFMT, Level.INFO);
  }

  static LogCapture start(LogFormat format, Level level) {
    return new LogCapture(format, level);
  }

  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    Logs.stop();
  }
}
