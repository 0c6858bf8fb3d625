package io.taskstorage.telemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** A logger whose events keep their keys. */
final class StructuredLogger extends LegacyAbstractLogger implements LoggingEventAware {
  private static final long serialVersionUID = 1L;

  StructuredLogger(String name) {
    this.name = name;
  }

  @Override
  public void log(LoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    print(
        event.getLevel(),
        event.getMessage(),
        event.getArgumentArray(),
        pairs == null ? List.of() : pairs,
        event.getThrowable());
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      @Nullable String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    print(level, pattern, arguments, List.of(), thrown);
  }

  private void print(
      Level level,
      @Nullable String pattern,
      Object @Nullable [] arguments,
      List<KeyValuePair> pairs,
      @Nullable Throwable thrown) {
    String message = String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments));
    LogLine line = Logs.line(level, name, message);
    if (line == null) {
      return;
    }
    pairs.forEach(pair -> line.put(pair.key, pair.value));
    if (thrown != null) {
      line.error(thrown, Logs.isWithStack(level));
    }
    Logs.print(line);
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  public boolean isTraceEnabled() {
    return Logs.isEnabled(name, Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return Logs.isEnabled(name, Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return Logs.isEnabled(name, Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return Logs.isEnabled(name, Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return Logs.isEnabled(name, Level.ERROR);
  }
}
