package io.taskstorage.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Answers requests as it was told to, in their order, and remembers them. It keeps nothing. */
final class ScriptedServer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** A request as it came. */
  record Request(String method, String path, JsonNode body) {}

  private record Answer(int code, String body) {}

  private final HttpServer server;
  private final KubernetesClient client;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

  ScriptedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  KubernetesClient client() {
    return client;
  }

  /** The next request that has no answer yet gets this one; without any it gets 200 and {}. */
  void answers(int code, String body) {
    answers.add(new Answer(code, body));
  }

  /** The next request, which comes or has come. */
  Request next() throws InterruptedException {
    Request request = requests.poll(1, TimeUnit.MINUTES);
    if (request == null) {
      throw new AssertionError("no request came");
    }
    return request;
  }

  /** The requests that came and that nobody asked for. */
  List<Request> others() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      requests.add(
          new Request(
              exchange.getRequestMethod(),
              String.valueOf(exchange.getRequestURI()),
              body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body)));
      Answer answer = answers.poll();
      byte[] text = (answer == null ? "{}" : answer.body()).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer == null ? 200 : answer.code(), text.length);
      exchange.getResponseBody().write(text);
    }
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
  }
}
