package io.taskstorage.telemetry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** One event as one line. Pure. */
final class LogLine {
  /** Longer values are cut: what logs are sent with refuses long lines. */
  static final int MAX_VALUE = 4096;

  private static final int MAX_CAUSES = 5;
  private static final int MAX_FRAMES = 60;

  private final LogFormat format;
  private final Map<String, String> pairs = new LinkedHashMap<>();

  LogLine(LogFormat format, Instant time, Level level, String logger, String message) {
    this.format = format;
    // Always three digits, so that lines sort as text.
    Instant millis = time.truncatedTo(ChronoUnit.MILLIS);
    String text = millis.toString();
    put(LogKey.TIME, text.length() == 20 ? text.replace("Z", ".000Z") : text);
    put(LogKey.LEVEL, level.name().toLowerCase(Locale.ROOT));
    put(LogKey.MESSAGE, message);
    put(LogKey.LOGGER, logger.substring(logger.lastIndexOf('.') + 1));
  }

  /** A key of the event's own; what the line begins with cannot be overwritten. */
  LogLine put(String key, @Nullable Object value) {
    pairs.putIfAbsent(key, cut(String.valueOf(value)));
    return this;
  }

  /** The exception, with where it came from if that is asked for. */
  LogLine error(Throwable thrown, boolean withStack) {
    StringBuilder text = new StringBuilder();
    StringBuilder stack = new StringBuilder();
    Throwable each = thrown;
    for (int i = 0; i < MAX_CAUSES && each != null; i++) {
      text.append(i == 0 ? "" : ": caused by ").append(described(each));
      stack.append(i == 0 ? "" : "caused by ").append(described(each)).append('\n');
      StackTraceElement[] frames = each.getStackTrace();
      for (int frame = 0; frame < Math.min(frames.length, MAX_FRAMES); frame++) {
        stack.append(" at ").append(frames[frame]).append('\n');
      }
      each = each.getCause();
    }
    put(LogKey.ERROR, text);
    return withStack ? put(LogKey.STACK, stack) : this;
  }

  private static String described(Throwable thrown) {
    String message = thrown.getMessage();
    String kind = thrown.getClass().getSimpleName();
    return message == null ? kind : kind + ": " + message;
  }

  private static String cut(String value) {
    if (value.length() <= MAX_VALUE) {
      return value;
    }
    int end = Character.isHighSurrogate(value.charAt(MAX_VALUE - 1)) ? MAX_VALUE - 1 : MAX_VALUE;
    return value.substring(0, end) + "…";
  }

  /** Without the end of the line. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    switch (format) {
      case LOGFMT ->
          pairs.forEach(
              (key, value) -> {
                line.append(line.isEmpty() ? "" : " ").append(key).append('=');
                if (isPlain(value)) {
                  line.append(value);
                } else {
                  quote(line, value);
                }
              });
      case JSON -> {
        pairs.forEach(
            (key, value) -> {
              line.append(line.isEmpty() ? '{' : ',');
              quote(line, key);
              quote(line.append(':'), value);
            });
        line.append('}');
      }
    }
    return line.toString();
  }

  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c != '\\' && c < 0x7f);
  }

  /** A JSON string, which is also what readers of logfmt take. */
  private static void quote(StringBuilder line, String value) {
    line.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> line.append('\\').append(c);
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029') {
            line.append("\\u%04x".formatted((int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append('"');
  }
}
