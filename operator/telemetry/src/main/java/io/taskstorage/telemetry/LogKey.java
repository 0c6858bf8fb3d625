package io.taskstorage.telemetry;

/**
 * The keys of logged events. A key always means the same; one that a query relies on never changes
 * its name.
 */
public final class LogKey {
  /** RFC 3339, UTC, milliseconds. First of every line. */
  public static final String TIME = "time";

  /** debug, info, warn or error. */
  public static final String LEVEL = "level";

  /** What happened: a sentence without values, so that it can be counted. */
  public static final String MESSAGE = "msg";

  /** The class that tells it, without its package. */
  public static final String LOGGER = "logger";

  /** Kind and message of an exception, and of those that caused it. */
  public static final String ERROR = "error";

  /** Where an exception came from. */
  public static final String STACK = "stack";

  /** Name of the node. */
  public static final String NODE = "node";

  /** Kind of an object of an API. */
  public static final String KIND = "kind";

  /** Namespace of an object, absent for those that have none. */
  public static final String NAMESPACE = "namespace";

  /** Name of an object. */
  public static final String NAME = "name";

  /** UID of an object. */
  public static final String UID = "uid";

  /** Generation of an object's spec. */
  public static final String GENERATION = "generation";

  /** Name of a TaskStorageMap. */
  public static final String MAP = "map";

  /** One of the reasons that conditions have. */
  public static final String REASON = "reason";

  /** What a person can do about it, or more of what happened. */
  public static final String DETAIL = "detail";

  /** What is asked of the API server, such as the path of a list. */
  public static final String RESOURCE = "resource";

  /** Status code of an HTTP answer. */
  public static final String CODE = "code";

  /** Which attempt this was, from 1. */
  public static final String ATTEMPT = "attempt";

  /** How long until the next attempt, in milliseconds. */
  public static final String RETRY_MILLIS = "retryMillis";

  /** How long it took, in milliseconds. */
  public static final String DURATION_MILLIS = "durationMillis";

  /** How many there are. */
  public static final String COUNT = "count";

  /** Where health, readiness and metrics are told. */
  public static final String ADDRESS = "address";

  /** Where the state for debugging is told. */
  public static final String DEBUG_ADDRESS = "debugAddress";

  /** A file or folder. */
  public static final String PATH = "path";

  /** Version of this program. */
  public static final String VERSION = "version";

  private LogKey() {}
}
