package io.taskstorage.telemetry;

/** How an event is written as one line. */
public enum LogFormat {
  /** {@code key=value}, quoted where need be. */
  LOGFMT,
  /** An object. */
  JSON
}
