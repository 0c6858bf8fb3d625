package io.taskstorage.agent.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.telemetry.LogKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the node says of itself, when it is something new: after a random delay, so that many
 * nodes that changed together do not write together. A thread of its own, until it is closed.
 *
 * <p>The object is the controller's to make. Where it is not there, it is waited for; where it was
 * made anew, or somebody else wrote its status, it is written again.
 */
public final class NodeStateWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeStateWriter.class);

  static final String FIELD_MANAGER = "taskstorage-agent";

  /** Counts that change all the time are told with a real change, or when this has passed. */
  static final Duration REFRESH = Duration.ofMinutes(10);

  /** How often the stored object is looked at; up to as long again is added by chance. */
  static final Duration LOOK = Duration.ofMinutes(5);

  private static final Duration MAX_DELAY = Duration.ofSeconds(60);
  private static final long END_MILLIS = 5_000;
  private static final String PATH = "/apis/" + ApiGroup.API_VERSION + "/taskstoragenodestates/";

  private final ApiConnection connection;
  private final String nodeName;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ApiCounts counts;
  private final Backoff backoff;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private Duration delay;
  private final Duration shortestDelay;
  private @Nullable NodeStateStatus wanted;
  private @Nullable NodeStateStatus written;
  private String storedUid = "";
  private JsonNode storedStatus = Pruning.MAPPER.missingNode();
  private long writtenMillis;
  private long lookMillis;

  private NodeStateWriter(
      ApiConnection connection,
      String nodeName,
      Duration delay,
      ApiCounts counts,
      InstantSource clock,
      Thread.Builder thread) {
    this.connection = connection;
    this.nodeName = nodeName;
    this.clock = clock;
    this.random = RandomGenerator.getDefault();
    this.counts = counts;
    this.backoff = new Backoff(random);
    this.delay = delay;
    this.shortestDelay = delay;
    this.thread = thread.unstarted(this::run);
  }

  /**
   * Writes from now on what it is told.
   *
   * @param connection stays the caller's to close, after this
   * @param delay a change is written after a time between zero and this
   */
  public static NodeStateWriter start(
      ApiConnection connection, String nodeName, Duration delay, ApiCounts counts) {
    return start(
        connection,
        nodeName,
        delay,
        counts,
        Monotonic.CLOCK,
        Thread.ofPlatform().daemon().name("node-state"));
  }

  /** The same by another clock and on a thread of another kind, for many nodes in one process. */
  public static NodeStateWriter start(
      ApiConnection connection,
      String nodeName,
      Duration delay,
      ApiCounts counts,
      InstantSource clock,
      Thread.Builder thread) {
    NodeStateWriter writer =
        new NodeStateWriter(connection, nodeName, delay, counts, clock, thread);
    writer.thread.start();
    return writer;
  }

  /** What the node says now. Any thread. */
  public void tell(NodeStateStatus status) {
    lock.lock();
    try {
      wanted = status;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    lookMillis = nextLook();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        NodeStateStatus next = awaitNews();
        Thread.sleep(Duration.ofMillis(random.nextLong(delay.toMillis() + 1)));
        attempt(latest(next));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private NodeStateStatus awaitNews() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        NodeStateStatus now = wanted;
        if (now != null && isDue(now)) {
          return now;
        }
        changed.await(1, TimeUnit.SECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  private NodeStateStatus latest(NodeStateStatus atLeast) {
    lock.lock();
    try {
      return wanted == null ? atLeast : wanted;
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue(NodeStateStatus now) {
    long millis = clock.millis();
    if (written == null || millis >= lookMillis) {
      return true;
    }
    return !now.equals(written)
        && (!steady(now).equals(steady(written)) || millis - writtenMillis >= REFRESH.toMillis());
  }

  private void attempt(NodeStateStatus status) throws InterruptedException {
    try {
      boolean isLook = clock.millis() >= lookMillis;
      if (written == null || !isLook || !isStored()) {
        write(status);
      }
      if (isLook) {
        lookMillis = nextLook();
      }
      backoff.reset();
      delay = shortestDelay;
    } catch (ApiFailure e) {
      counts.stateWritten(false);
      if (e.code() == 404) {
        written = null;
      }
      if (e.code() == 429) {
        delay = shorter(delay.multipliedBy(2), MAX_DELAY);
      }
      Duration wait = backoff.next(e.retryAfter());
      LOG.atWarn()
          .addKeyValue(LogKey.NODE, nodeName)
          .addKeyValue(LogKey.CODE, e.code())
          .addKeyValue(LogKey.REASON, e.getMessage())
          .addKeyValue(LogKey.ATTEMPT, backoff.failures())
          .addKeyValue(LogKey.RETRY_MILLIS, wait.toMillis())
          .log(e.code() == 404 ? "the node state is not there yet" : "node state not written");
      Thread.sleep(wait);
    }
  }

  private void write(NodeStateStatus status) throws ApiFailure, InterruptedException {
    ArrayNode patch = Pruning.MAPPER.createArrayNode();
    // Replaces all of it, whether there is one or not.
    patch.addObject().put("op", "add").put("path", "/status").set("value", tree(status));
    JsonNode stored =
        connection.patch(
            PATH + nodeName + "/status?fieldManager=" + FIELD_MANAGER, patch.toString());
    if (uid(stored).isEmpty()) {
      throw ApiFailure.unreached("the answer is no node state");
    }
    written = status;
    storedUid = uid(stored);
    storedStatus = stored.path("status");
    writtenMillis = clock.millis();
    counts.stateWritten(true);
    LOG.atDebug().addKeyValue(LogKey.NODE, nodeName).log("node state written");
  }

  /**
   * True if the stored object is the one that was written, and says what the server made of that. A
   * definition of another version has other fields than the status that was sent.
   */
  private boolean isStored() throws ApiFailure, InterruptedException {
    try (InputStream body = connection.get(PATH + nodeName, "application/json")) {
      JsonNode stored = Pruning.MAPPER.readTree(body);
      return uid(stored).equals(storedUid) && stored.path("status").equals(storedStatus);
    } catch (IOException e) {
      throw ApiFailure.unreached(ApiConnection.reason(e));
    }
  }

  private static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText("");
  }

  /** Through text, so that numbers compare as they do when read. */
  private static JsonNode tree(NodeStateStatus status) {
    return Reading.tree(text(status));
  }

  private static String text(NodeStateStatus status) {
    try {
      return Pruning.MAPPER.writeValueAsString(status);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("write node state: no JSON", e);
    }
  }

  /** Without the counts that change all the time. */
  static NodeStateStatus steady(NodeStateStatus status) {
    List<NodeMap> maps = status.maps();
    return new NodeStateStatus(
        status.agent(),
        maps == null ? null : maps.stream().map(NodeStateWriter::steady).toList(),
        status.omittedMaps(),
        status.failures(),
        status.omittedFailures());
  }

  private static NodeMap steady(NodeMap map) {
    EntryCounts entries = map.entries();
    return new NodeMap(
        map.name(),
        map.uid(),
        map.generation(),
        map.state(),
        map.reason(),
        entries == null
            ? null
            : new EntryCounts(null, null, null, entries.late(), entries.failed()),
        map.policies(),
        map.omittedPolicies());
  }

  private long nextLook() {
    return clock.millis() + LOOK.toMillis() + random.nextLong(LOOK.toMillis());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
