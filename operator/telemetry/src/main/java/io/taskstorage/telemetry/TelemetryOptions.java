package io.taskstorage.telemetry;

import java.util.Optional;
import org.slf4j.event.Level;
import picocli.CommandLine.Option;

/** What every command that runs for long lets its user choose about how it shows itself. */
public final class TelemetryOptions {
  /** The levels that can be asked for. */
  enum LogLevel {
    DEBUG(Level.DEBUG),
    INFO(Level.INFO),
    WARN(Level.WARN),
    ERROR(Level.ERROR);

    private final Level level;

    LogLevel(Level level) {
      this.level = level;
    }
  }

  private final ListenAddress defaultListen;
  private final ListenAddress defaultDebugListen;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      converter = ListenAddress.Converter.class,
      description =
          "Where /healthz, /readyz and /metrics are (default: :9464 for the agent, :9465 for the"
              + " controller). Port 0 is any free one.")
  private Optional<ListenAddress> listen = Optional.empty();

  @Option(
      names = "--debug-listen",
      paramLabel = "HOST:PORT",
      converter = ListenAddress.Converter.class,
      description =
          "Where /debug/state is; a loopback address (default: 127.0.0.1:9474 for the agent,"
              + " 127.0.0.1:9475 for the controller).")
  private Optional<ListenAddress> debugListen = Optional.empty();

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "logfmt",
      description = "How events are logged on standard error: logfmt (the default) or json.")
  private LogFormat logFormat = LogFormat.LOGFMT;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "The least important events that are logged: debug, info, warn or error.")
  private LogLevel logLevel = LogLevel.INFO;

  /** Options with the defaults of a command. */
  public TelemetryOptions(String defaultListen, String defaultDebugListen) {
    this.defaultListen = ListenAddress.parse(defaultListen);
    this.defaultDebugListen = ListenAddress.parse(defaultDebugListen);
  }

  /** Where health, readiness and metrics are told. */
  public ListenAddress listen() {
    return listen.orElse(defaultListen);
  }

  /** Where the state for debugging is told. */
  public ListenAddress debugListen() {
    return debugListen.orElse(defaultDebugListen);
  }

  /** Logs to standard error from now on. */
  public void startLogs() {
    Logs.start(logFormat, logLevel.level, System.err);
  }
}
