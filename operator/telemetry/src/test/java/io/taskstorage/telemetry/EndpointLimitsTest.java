package io.taskstorage.telemetry;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients do not get. */
class EndpointLimitsTest {
  private static final ListenAddress ANY = ListenAddress.parse("127.0.0.1:0");

  private Endpoints endpoints = open();

  @BeforeEach
  void reopen() {
    endpoints.close();
    endpoints = open();
  }

  @AfterEach
  void close() {
    endpoints.close();
  }

  private static Endpoints open() {
    return Endpoints.open(ANY, ANY, () -> Readiness.READY, new PrometheusRegistry(), Map::of);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/metrics/", "/healthz/x", "/HEALTHZ", "/readyz%00", "//healthz"})
  void nothingElseIsThere(String path) throws Exception {
    // When
    String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    // Then
    assertThat(answer).startsWith("HTTP/1.1 404 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD"})
  void onlyGetIsAnswered(String method) throws Exception {
    // When
    String answer = raw(method + " /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    // Then
    assertThat(answer).startsWith("HTTP/1.1 405 ").contains("Allow: GET\r\n");
  }

  @Test
  void aBodyIsRefusedUnread() throws Exception {
    // When
    String answer = raw("GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\n");

    // Then
    assertThat(answer).startsWith("HTTP/1.1 413 ").endsWith("send no body\n");
  }

  @Test
  void manyAndLongHeadersAreRefused() throws Exception {
    // Given
    String many = IntStream.range(0, 60).mapToObj("X-%d: b\r\n"::formatted).collect(joining());
    String long20k = "X-A: " + "b".repeat(20_000) + "\r\n";

    // When, Then
    assertThat(codeOf("/metrics", many)).isNotEqualTo(200);
    assertThat(codeOf("/metrics", long20k)).isNotEqualTo(200);
    assertThat(codeOf("/healthz", "")).isEqualTo(200);
  }

  @Test
  void clientsThatSendNothingAreCutOffAndOthersAnsweredAgain() throws Exception {
    // Given
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < PageServer.MAX_CONNECTIONS + 10; i++) {
        Socket socket = connect();
        idle.add(socket);
        socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.UTF_8));
      }

      // When
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> codeOf("/healthz", ""), code -> code == 200);

      // Then
      assertThat(codeOf("/healthz", "")).isEqualTo(200);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  /** 0 where the connection was refused or cut. */
  private int codeOf(String path, String headers) {
    try {
      String answer =
          raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
      return answer.startsWith("HTTP/1.1 200") ? 200 : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoints.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
