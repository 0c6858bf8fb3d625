package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.taskstorage.agent.cluster.ApiAccess;
import io.taskstorage.simulator.ClusterObjects;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Every version of the objects that statuses depend on, in the order in which they were stored. */
final class History implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String GROUP = "/apis/taskstorage.io/v1alpha1/";
  static final String MAPS = "taskstoragemaps";
  static final String CLUSTER_POLICIES = "clustertaskstoragepolicies";
  static final String POLICIES = "taskstoragepolicies";
  static final String STATES = "taskstoragenodestates";
  static final String NODES = "nodes";
  static final String PODS = "pods";

  /**
   * One version of an object.
   *
   * @param plural its kind
   * @param type {@code ADDED}, {@code MODIFIED} or {@code DELETED}
   * @param version in which order it was stored, over all kinds
   */
  record Event(String plural, String type, JsonNode object, long version) {
    String name() {
      return object.path("metadata").path("name").asText();
    }

    String key() {
      return plural + " " + object.path("metadata").path("namespace").asText("") + "/" + name();
    }
  }

  private final ApiAccess access;
  private final ClusterObjects objects;
  private final HttpClient client;
  private final Map<String, String> paths = new HashMap<>();
  private final Queue<Event> events = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean isClosed;

  private History(ApiAccess access, ClusterObjects objects) {
    this.access = access;
    this.objects = objects;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(access.tls())
            .build();
  }

  /** Records from what there is now on. */
  static History start(ApiAccess access, ClusterObjects objects) {
    History history = new History(access, objects);
    for (String plural : List.of(MAPS, CLUSTER_POLICIES, POLICIES, STATES)) {
      history.record(plural, GROUP + plural);
    }
    for (String plural : List.of(NODES, PODS)) {
      history.record(plural, "/api/v1/" + plural);
    }
    return history;
  }

  private void record(String plural, String path) {
    paths.put(plural, path);
    JsonNode list = objects.get(path).orElseThrow();
    list.path("items").forEach(item -> add(plural, "ADDED", item));
    String version = list.path("metadata").path("resourceVersion").asText();
    threads.add(
        Thread.ofVirtual()
            .name("history-" + plural)
            .start(
                () ->
                    watch(
                        plural, path + "?watch=1&timeoutSeconds=3600&resourceVersion=" + version)));
  }

  private void watch(String plural, String path) {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(access.server() + path));
      access.token().current().ifPresent(t -> request.header("Authorization", "Bearer " + t));
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  client.send(request.build(), BodyHandlers.ofInputStream()).body(),
                  StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          JsonNode event = JSON.readTree(line);
          add(plural, event.path("type").asText(), event.path("object"));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      if (!isClosed) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void add(String plural, String type, JsonNode object) {
    events.add(event(plural, type, object));
  }

  private static Event event(String plural, String type, JsonNode object) {
    return new Event(
        plural, type, object, object.path("metadata").path("resourceVersion").asLong());
  }

  /** All so far, in the order of their versions. */
  List<Event> events() {
    return events.stream().sorted(Comparator.comparingLong(Event::version)).toList();
  }

  /** All until now: waits until it was told what there is of every kind. */
  List<Event> complete() {
    await()
        .atMost(Cluster.PATIENCE)
        .untilAsserted(() -> assertThat(told()).containsExactlyInAnyOrderEntriesOf(stored()));
    return events();
  }

  private Map<String, Long> told() {
    Map<String, Long> told = new HashMap<>();
    for (Event event : events()) {
      if (event.type().equals("DELETED")) {
        told.remove(event.key());
      } else {
        told.put(event.key(), event.version());
      }
    }
    return told;
  }

  private Map<String, Long> stored() {
    Map<String, Long> stored = new HashMap<>();
    paths.forEach(
        (plural, path) ->
            objects
                .get(path)
                .orElseThrow()
                .path("items")
                .forEach(
                    item -> {
                      Event event = event(plural, "ADDED", item);
                      stored.put(event.key(), event.version());
                    }));
    return stored;
  }

  /** The last version so far. */
  long now() {
    return events.stream().mapToLong(Event::version).max().orElse(0);
  }

  /** How often each object of a kind was changed after a version. */
  Map<String, Integer> changes(String plural, long after) {
    Map<String, Integer> changes = new HashMap<>();
    for (Event event : events()) {
      if (event.plural().equals(plural)
          && event.type().equals("MODIFIED")
          && event.version() > after) {
        changes.merge(event.name(), 1, Integer::sum);
      }
    }
    return changes;
  }

  /** A status of condition Ready; empty where there is none. */
  static String ready(@Nullable JsonNode object) {
    if (object != null) {
      for (JsonNode condition : object.path("status").path("conditions")) {
        if (condition.path("type").asText().equals("Ready")) {
          return condition.path("status").asText();
        }
      }
    }
    return "";
  }

  @Override
  public void close() {
    isClosed = true;
    threads.forEach(Thread::interrupt);
    client.shutdownNow();
    client.close();
  }
}
