package io.taskstorage.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.taskstorage.console.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a real client gets. */
class EndpointsTest {
  private static final ListenAddress ANY = ListenAddress.parse("127.0.0.1:0");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final AtomicReference<Supplier<Readiness>> readiness =
      new AtomicReference<>(() -> Readiness.READY);
  private final AtomicReference<Map<String, Object>> state =
      new AtomicReference<>(Map.of("maps", 3));
  private final HttpClient client = HttpClient.newHttpClient();
  private Endpoints endpoints = open();

  @BeforeEach
  void reopen() {
    endpoints.close();
    endpoints = open();
  }

  @AfterEach
  void close() {
    endpoints.close();
    client.close();
  }

  private Endpoints open() {
    return Endpoints.open(ANY, ANY, () -> readiness.get().get(), registry, state::get);
  }

  @Test
  void aliveIsToldWithoutAskingAnything() throws Exception {
    // Given
    readiness.set(() -> Readiness.not("no"));

    // When
    HttpResponse<String> answer = get("/healthz");

    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ok\n");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
  }

  @Test
  void whatIsNotReadySaysWhyALineForEachReason() throws Exception {
    // Given
    readiness.set(
        () ->
            new Readiness(
                List.of("no turn yet", "pods\nnot listed"), List.of("from a checkpoint")));

    // When
    HttpResponse<String> answer = get("/readyz");

    // Then
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("no turn yet\npods not listed\nfrom a checkpoint\n");
  }

  @Test
  void whatIsReadySaysSo() throws Exception {
    // Given
    readiness.set(() -> new Readiness(List.of(), List.of("from a checkpoint")));

    // When
    HttpResponse<String> answer = get("/readyz");

    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ok\nfrom a checkpoint\n");
  }

  @Test
  void metricsAreThoseOfTheRegistryAndOfTheProcess() throws Exception {
    // Given
    ProcessMetrics.register(registry);
    Counter turns = Counter.builder().name("taskstorage_turns").help("Turns.").register(registry);
    turns.inc(3);

    // When
    HttpResponse<String> answer = get("/metrics");

    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body())
        .contains("# TYPE taskstorage_turns_total counter\n", "taskstorage_turns_total 3.0\n")
        .containsPattern("process_resident_memory_bytes [1-9]")
        .containsPattern("process_open_fds [1-9]")
        .containsPattern("process_cpu_seconds_total [0-9]")
        .containsPattern("process_start_time_seconds 1[.0-9]+E9")
        .containsPattern("jvm_heap_used_bytes [1-9]")
        .containsPattern("jvm_threads [1-9]")
        .containsPattern("jvm_gc_seconds_total [0-9]")
        .doesNotContain("NaN");
  }

  @Test
  void theStateIsOnItsOwnAddressOnly() throws Exception {
    // When
    HttpResponse<String> here = request(endpoints.debugPort(), "GET", "/debug/state", "");
    HttpResponse<String> there = get("/debug/state");

    // Then
    assertThat(here.statusCode()).isEqualTo(200);
    assertThat(here.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(here.body()).isEqualToIgnoringWhitespace("{\"maps\":3}");
    assertThat(there.statusCode()).isEqualTo(404);
  }

  @Test
  void anAddressThatOthersReachIsRefusedForTheState() {
    assertThatThrownBy(
            () ->
                Endpoints.open(
                    ANY, ListenAddress.parse(":0"), () -> Readiness.READY, registry, state::get))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "listen :0: the state for debugging is told on a loopback address only: use 127.0.0.1"
                + " or [::1]");
  }

  @Test
  void anAddressInUseIsToldAndLeavesNothing() {
    // Given
    ListenAddress taken = ListenAddress.parse("127.0.0.1:" + endpoints.port());

    // When, Then
    assertThatThrownBy(
            () -> Endpoints.open(ANY, taken, () -> Readiness.READY, registry, state::get))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("listen %s: Address already in use: choose another address".formatted(taken));
  }

  @Test
  void anUnknownHostIsTold() {
    assertThatThrownBy(
            () ->
                Endpoints.open(
                    ListenAddress.parse("no-such-host.invalid:0"),
                    ANY,
                    () -> Readiness.READY,
                    registry,
                    state::get))
        .hasMessage("listen no-such-host.invalid:0: no such host: use an address of this machine");
  }

  @Test
  void aFailureOfOursIsAnAnswerAndALine() throws Exception {
    // Given
    LogCapture log = LogCapture.start();
    try (log) {
      readiness.set(
          () -> {
            throw new IllegalStateException("asked too early");
          });

      // When
      HttpResponse<String> answer = get("/readyz");

      // Then
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("unexpected failure: the log says more\n");
      assertThat(log.text())
          .contains(
              "level=error msg=\"no answer\"",
              "path=/readyz",
              "error=\"IllegalStateException: asked too early");
    }
  }

  @Test
  void whereItListensIsLogged() {
    // Given
    LogCapture log = LogCapture.start();
    try (log;
        Endpoints other = open()) {
      // Then
      assertThat(log.text())
          .contains(
              "level=info msg=listening logger=Endpoints address=127.0.0.1:%d debugAddress=127.0.0.1:%d"
                  .formatted(other.port(), other.debugPort()));
    }
  }

  @Test
  void afterTheEndNobodyListens() {
    // When
    int port = endpoints.port();
    endpoints.close();

    // Then
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(IOException.class);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return request(endpoints.port(), "GET", path, "");
  }

  private HttpResponse<String> request(int port, String method, String path, String body)
      throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client.send(
        HttpRequest.newBuilder(uri)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
