package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server says, and what is believed of it; time passes only where a test lets it. */
class ReflectorTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ScriptedServer server = new ScriptedServer();
  private final ApiConnection connection = server.connection();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private final Mirror mirror = new Mirror(() -> {});
  private final Reflector reflector =
      new Reflector(
          Resource.NAMESPACES,
          mirror,
          new Reflector.Means(
              connection, "n", now::get, new Random(1), pauses::add, new NoCounts()));
  private final Thread thread = new Thread(reflector);

  @AfterEach
  void end() throws InterruptedException {
    thread.interrupt();
    reflector.cut();
    server.close();
    connection.close();
    thread.join();
  }

  private void start() {
    thread.start();
  }

  private void awaitKnown(String... names) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(known()).containsExactlyInAnyOrder(names));
  }

  private List<String> known() {
    return mirror.state(true).objects().stream()
        .map(text -> Reading.tree(text).path("metadata").path("name").asText(""))
        .toList();
  }

  private void awaitAsked(int requests) {
    await().atMost(LIMIT).until(() -> server.asked().size() >= requests);
  }

  private static String list(String version, String rest, String... names) {
    List<String> items = new ArrayList<>();
    for (String name : names) {
      items.add("{\"metadata\":{\"name\":\"%s\",\"managedFields\":[]}}".formatted(name));
    }
    return """
    {"kind":"List","metadata":{"resourceVersion":"%s","continue":"%s"},"items":[%s]}
    """
        .formatted(version, rest, String.join(",", items));
  }

  private static String event(String type, String name, int version) {
    return """
    {"type":"%s","object":{"metadata":{"name":"%s","resourceVersion":"%d"}}}
    """
        .formatted(type, name, version);
  }

  @Test
  void aListOfPagesAndTheEventsAfterItAreWhatIsKnown() {
    // Given
    server
        .says(list("5", "next&page", "a", "b"))
        .says(list("5", "", "c"))
        .saysAndStays(event("ADDED", "d", 6) + event("DELETED", "a", 7));

    // When
    start();

    // Then
    awaitKnown("b", "c", "d");
    assertThat(mirror.state(true).isComplete()).isTrue();
    assertThat(server.asked().get(0)).isEqualTo("/api/v1/namespaces?limit=250");
    assertThat(server.asked().get(1)).endsWith("&continue=next%26page");
    assertThat(server.asked().get(2)).contains("watch=1", "allowWatchBookmarks=true", "Version=5");
    assertThat(pauses).isEmpty();
  }

  @Test
  void aPartOfAListIsNotBelieved() {
    // Given
    server
        .says(list("5", "more", "a"))
        .refuses(500, 0)
        .says(list("6", "more", "a"))
        .breaksOffAfter("{\"metadata\":{\"resourceVersion\":\"6\"},\"items\":[")
        .says("{\"items\":")
        .says("[]")
        .says("{\"metadata\":{\"resourceVersion\":\"7\"}}");

    // When
    start();

    // Then
    awaitAsked(8);
    assertThat(mirror.state(true).isComplete()).isFalse();
    assertThat(known()).isEmpty();
    assertThat(pauses).hasSize(5);
  }

  @Test
  void aWatchThatEndsGoesOnFromWhereItWas() {
    // Given
    server
        .says(list("5", "", "a"))
        .says(event("ADDED", "b", 6))
        .says(event("BOOKMARK", "", 9))
        .breaksOffAfter(event("ADDED", "c", 10))
        .saysAndStays("");

    // When
    start();

    // Then
    awaitKnown("a", "b", "c");
    awaitAsked(5);
    assertThat(server.asked().get(2)).contains("resourceVersion=6");
    assertThat(server.asked().get(3)).contains("resourceVersion=9");
    assertThat(server.asked().get(4)).contains("resourceVersion=10");
  }

  @Test
  void anExpiredVersionIsListedAnewAndNothingIsLostMeanwhile() {
    // Given
    String expired =
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"message\":\"old\"}}";
    server
        .says(list("5", "", "a", "b"))
        .says(expired)
        .refuses(503, 0)
        .says(list("9", "", "b"))
        .saysAndStays(event("ADDED", "c", 10));

    // When
    start();

    // Then
    awaitKnown("b", "c");
    assertThat(server.asked().get(2)).doesNotContain("watch");
    assertThat(mirror.state(true).trouble()).isEmpty();
  }

  @Test
  void whatTheServerAsksForIsWaited() {
    // Given
    server.refuses(429, 7).says(list("5", "", "a")).saysAndStays("");

    // When
    start();

    // Then
    awaitKnown("a");
    assertThat(pauses).hasSize(1).allMatch(wait -> wait.compareTo(Duration.ofSeconds(7)) >= 0);
  }

  @Test
  void failuresAreToldKeepWhatIsKnownAndNeverLoop() {
    // Given
    server.says(list("5", "", "a"));
    for (int i = 0; i < 12; i++) {
      server.refuses(i % 2 == 0 ? 500 : 401, 0);
    }

    // When
    start();
    awaitAsked(14);

    // Then
    assertThat(known()).containsExactly("a");
    assertThat(mirror.state(true).trouble().orElse(""))
        .startsWith("list and watch namespaces of http://127.0.0.1:")
        .endsWith(": answer 401 (because)");
    assertThat(pauses).hasSize(12);
    assertThat(pauses.getLast()).isGreaterThanOrEqualTo(Backoff.LONGEST.dividedBy(2));
  }

  @Test
  void aWatchThatIsOpenIsNoTroubleBeforeItTellsAnything() {
    // Given
    server.says(list("5", "", "a")).refuses(503, 0).refuses(503, 0).saysAndStays("");

    // When
    start();
    awaitAsked(4);

    // Then
    assertThat(pauses).hasSize(2);
    await().atMost(LIMIT).until(() -> mirror.state(true).trouble().isEmpty());
    assertThat(known()).containsExactly("a");
  }

  @Test
  void watchesThatEndAtOnceAreFailures() {
    // Given
    server.says(list("5", "", "a"));
    for (int i = 0; i < 4; i++) {
      server.says("");
    }

    // When
    start();
    awaitAsked(6);

    // Then
    assertThat(pauses).hasSize(4);
    assertThat(mirror.state(true).trouble()).isPresent();
  }

  @Test
  void aWatchThatTellsNothingForLongIsCutAndListedAnew() {
    // Given
    server
        .says(list("5", "", "a"))
        .saysAndStays(event("ADDED", "b", 6))
        .says(list("9", "", "a"))
        .saysAndStays("");
    start();
    awaitKnown("a", "b");

    // When
    reflector.cutIfQuiet();
    assertThat(known()).hasSize(2);
    now.set(now.get().plus(OpenBody.QUIET));
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              reflector.cutIfQuiet();
              return server.isSaid();
            });

    // Then
    awaitKnown("a");
    assertThat(server.asked().get(2)).isEqualTo("/api/v1/namespaces?limit=250");
  }

  @Test
  void whatOthersWriteIsNoChange() {
    // Given
    List<String> changes = Collections.synchronizedList(new ArrayList<>());
    Mirror told = new Mirror(() -> changes.add("changed"));
    String pod = "{\"metadata\":{\"name\":\"a\"},\"status\":{\"phase\":\"%s\"}}";
    told.put("/a", Pruning.prune(Resource.PODS, Reading.tree(pod.formatted("Pending"))).toString());

    // When
    told.put("/a", Pruning.prune(Resource.PODS, Reading.tree(pod.formatted("Running"))).toString());

    // Then
    assertThat(changes).hasSize(1);
  }

  @Test
  void whatACheckpointSaysCountsUntilTheFirstList() {
    // Given
    mirror.remember(List.of("{\"metadata\":{\"name\":\"old\"}}"));
    assertThat(mirror.state(true).isComplete()).isTrue();
    server.refuses(503, 0).says(list("5", "", "a")).saysAndStays("");

    // When
    start();

    // Then
    awaitKnown("a");
    assertThat(mirror.state(true).trouble()).isEqualTo(Optional.empty());
  }
}
