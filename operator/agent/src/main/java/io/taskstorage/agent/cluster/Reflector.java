package io.taskstorage.agent.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import io.taskstorage.telemetry.LogKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps one mirror: lists, then watches from there on, again and again, on one thread of its own,
 * until it is interrupted.
 */
final class Reflector implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

  static final int PAGE = 250;
  private static final int NOT_SERVED = 404;

  /** The server ends a watch after this long; up to as long again is added by chance. */
  private static final int WATCH_SECONDS = 240;

  /** A watch that ends sooner, with nothing told, is as good as refused. */
  private static final Duration SHORT_WATCH = Duration.ofSeconds(1);

  /** What waits between attempts. */
  @FunctionalInterface
  interface Pause {
    void sleep(Duration time) throws InterruptedException;
  }

  /** What a reflector works with, beside its resource. */
  record Means(
      ApiConnection connection,
      String nodeName,
      InstantSource clock,
      RandomGenerator random,
      Pause pause,
      ApiCounts counts) {}

  private final Resource resource;
  private final Mirror mirror;
  private final Means means;
  private final Backoff backoff;
  private final OpenBody open;
  private String version = "";

  /** The UID of the definition under which everything was listed last; empty = not known. */
  private String definition = "";

  Reflector(Resource resource, Mirror mirror, Means means) {
    this.resource = resource;
    this.mirror = mirror;
    this.means = means;
    this.backoff = new Backoff(means.random());
    this.open = new OpenBody(means.clock());
  }

  /** Ends what has told nothing for too long, so that it is asked anew. From any thread. */
  void cutIfQuiet() {
    open.closeIfQuiet();
  }

  /** Ends what is being read. From any thread. */
  void cut() {
    open.close();
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void turn() throws InterruptedException {
    try {
      if (version.isEmpty()) {
        list();
      }
      watch();
      backoff.reset();
    } catch (ApiFailure e) {
      failed(e);
    } catch (IOException e) {
      // Only a list believes that nothing was missed while nobody was told anything.
      if (open.wasQuiet()) {
        version = "";
      }
      failed(ApiFailure.unreached(ApiConnection.reason(e)));
    } catch (RuntimeException e) {
      version = "";
      LOG.atError().setCause(e).addKeyValue(LogKey.RESOURCE, resource).log("unexpected failure");
      failed(ApiFailure.unreached("unexpected failure: " + e.getClass().getSimpleName()));
    }
  }

  private void failed(ApiFailure failure) throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    if (failure.isExpired()) {
      version = "";
    }
    means.counts().failed(resource.toString(), failure.code());
    Duration wait = backoff.next(failure.retryAfter());
    // An expired version and one cut of the connection are everyday life.
    boolean isTrouble = backoff.failures() > 1 || (version.isEmpty() && !failure.isExpired());
    boolean isNews = isTrouble && mirror.trouble(Optional.of(trouble(failure)));
    LOG.atLevel(isNews ? Level.WARN : Level.DEBUG)
        .addKeyValue(LogKey.RESOURCE, resource)
        .addKeyValue(LogKey.CODE, failure.code())
        .addKeyValue(LogKey.REASON, failure.getMessage())
        .addKeyValue(LogKey.ATTEMPT, backoff.failures())
        .addKeyValue(LogKey.RETRY_MILLIS, wait.toMillis())
        .log("the API server does not tell");
    means.pause().sleep(wait);
  }

  private String trouble(ApiFailure failure) {
    String cause =
        failure.code() == NOT_SERVED && resource.isOurs()
            ? "the kind is not served: apply crds/"
            : failure.text();
    return "list and watch %s of %s: %s".formatted(resource, means.connection().server(), cause);
  }

  private void list() throws ApiFailure, IOException, InterruptedException {
    SortedMap<String, String> listed = new TreeMap<>();
    String rest = "";
    String listVersion;
    do {
      String path =
          resource.path(means.nodeName())
              + "limit="
              + PAGE
              + (rest.isEmpty() ? "" : "&continue=" + Resource.encoded(rest));
      JsonNode metadata;
      try (InputStream body = read(path, resource.acceptOfList())) {
        metadata = page(body, listed);
      }
      rest = metadata.path("continue").asText("");
      listVersion = metadata.path("resourceVersion").asText("");
    } while (!rest.isEmpty());
    String before = definition;
    definition = resource.isOurs() ? standingDefinition() : "";
    mirror.replace(listed, !before.isEmpty() && !before.equals(definition));
    version = listVersion;
    means.counts().listed(resource.toString(), listed.size());
    LOG.atInfo()
        .addKeyValue(LogKey.RESOURCE, resource)
        .addKeyValue(LogKey.COUNT, listed.size())
        .log("listed");
  }

  /**
   * Takes the items one by one, so that never more than one is in memory as a whole.
   *
   * @return the list's metadata
   * @throws IOException if the page is not complete
   */
  private JsonNode page(InputStream body, SortedMap<String, String> into) throws IOException {
    JsonNode metadata = Pruning.MAPPER.missingNode();
    boolean hasItems = false;
    try (JsonParser parser = Pruning.MAPPER.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the answer is no list");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("metadata")) {
          metadata = parser.readValueAsTree();
        } else if (name.equals("items") && value == JsonToken.START_ARRAY) {
          hasItems = true;
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode item = parser.readValueAsTree();
            into.put(Reading.key(item), Pruning.prune(resource, item).toString());
          }
        } else if (name.equals("items") && value == JsonToken.VALUE_NULL) {
          hasItems = true;
        } else {
          parser.skipChildren();
        }
      }
    }
    if (!hasItems || metadata.path("resourceVersion").asText("").isEmpty()) {
      throw new IOException("the answer is no list");
    }
    return metadata;
  }

  private void watch() throws ApiFailure, IOException, InterruptedException {
    int seconds = WATCH_SECONDS + means.random().nextInt(WATCH_SECONDS);
    String path =
        resource.path(means.nodeName())
            + "watch=1&allowWatchBookmarks=true&timeoutSeconds="
            + seconds
            + "&resourceVersion="
            + Resource.encoded(version);
    long began = means.clock().millis();
    boolean wasTold = false;
    try (InputStream body = read(path, resource.acceptOfWatch())) {
      // Before anything is read: where nothing changes, the first byte may be a minute away.
      mirror.trouble(Optional.empty());
      try (MappingIterator<JsonNode> events =
          Pruning.MAPPER.readerFor(JsonNode.class).readValues(body)) {
        while (events.hasNextValue()) {
          event(events.nextValue());
          wasTold = true;
          backoff.reset();
        }
      }
    }
    if (!wasTold && means.clock().millis() - began < SHORT_WATCH.toMillis()) {
      throw ApiFailure.unreached("the watch ended at once");
    }
  }

  /**
   * The UID of the definition of one of our kinds.
   *
   * @throws ApiFailure if it is gone or about to go: then nobody wished the end of its objects
   */
  private String standingDefinition() throws ApiFailure, IOException, InterruptedException {
    Definition now = Definition.ask(means.connection(), resource);
    if (!now.stands()) {
      throw new ApiFailure(NOT_SERVED, "its definition goes, or is gone", Duration.ZERO);
    }
    return now.uid();
  }

  /** Else only a list tells what there is. */
  private void requireSameDefinition() throws ApiFailure, IOException, InterruptedException {
    if (!resource.isOurs()) {
      return;
    }
    String since = version;
    version = "";
    if (!standingDefinition().equals(definition)) {
      throw new ApiFailure(NOT_SERVED, "its definition was put back", Duration.ZERO);
    }
    version = since;
  }

  private void event(JsonNode event) throws ApiFailure, IOException, InterruptedException {
    JsonNode object = event.path("object");
    String type = event.path("type").asText("");
    means.counts().event(resource.toString());
    switch (type) {
      case "ADDED", "MODIFIED" ->
          mirror.put(Reading.key(object), Pruning.prune(resource, object).toString());
      case "DELETED" -> {
        requireSameDefinition();
        mirror.remove(Reading.key(object));
      }
      case "BOOKMARK" -> {}
      case "ERROR" ->
          throw new ApiFailure(
              object.path("code").asInt(0),
              object.path("message").asText("the watch failed"),
              Duration.ofSeconds(object.path("details").path("retryAfterSeconds").asLong(0)));
      default -> throw new IOException("the answer is no watch");
    }
    String seen = object.path("metadata").path("resourceVersion").asText("");
    if (!seen.isEmpty()) {
      version = seen;
    }
  }

  private InputStream read(String path, String accept) throws ApiFailure, InterruptedException {
    return open.of(means.connection().get(path, accept));
  }
}
