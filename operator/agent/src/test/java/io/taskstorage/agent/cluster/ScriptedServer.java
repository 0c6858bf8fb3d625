package io.taskstorage.agent.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests in the order of a script, for what no real server can be made to say. When the
 * script is at its end, requests wait.
 */
final class ScriptedServer implements AutoCloseable {
  /**
   * An answer.
   *
   * @param declared how long the body claims to be, 0 = as long as it is
   * @param stays the answer does not end after its text
   */
  private record Answer(int code, String text, int retryAfter, int declared, boolean stays) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Queue<Answer> script = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();

  ScriptedServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Then: this text, whole. */
  ScriptedServer says(String text) {
    return add(new Answer(200, text, 0, 0, false));
  }

  /** Then: these events of a watch, and nothing more while the connection stays. */
  ScriptedServer saysAndStays(String text) {
    return add(new Answer(200, text, 0, 0, true));
  }

  /** Then: this text, and the connection ends before the rest that was announced. */
  ScriptedServer breaksOffAfter(String text) {
    return add(new Answer(200, text, 0, text.length() + 100, false));
  }

  /** Then: a refusal; 0 seconds = it says nothing about when to come back. */
  ScriptedServer refuses(int code, int retryAfterSeconds) {
    String text = "{\"kind\":\"Status\",\"message\":\"because\",\"code\":" + code + "}";
    return add(new Answer(code, text, retryAfterSeconds, 0, false));
  }

  private synchronized ScriptedServer add(Answer answer) {
    script.add(answer);
    return this;
  }

  /** What was asked so far: path and query. */
  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  /** True when everything was said. */
  synchronized boolean isSaid() {
    return script.isEmpty();
  }

  ApiConnection connection() {
    try {
      URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      return new ApiConnection(
          new ApiAccess(uri, SSLContext.getDefault(), new ApiAccess.Token.None()), "test");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized @Nullable Answer next(HttpExchange exchange) {
    asked.add(String.valueOf(exchange.getRequestURI()));
    return script.poll();
  }

  private void answer(HttpExchange exchange) throws IOException {
    Answer answer = next(exchange);
    try (exchange) {
      if (answer == null) {
        closing.await();
        return;
      }
      if (answer.retryAfter() > 0) {
        exchange.getResponseHeaders().set("Retry-After", Integer.toString(answer.retryAfter()));
      }
      exchange.sendResponseHeaders(answer.code(), answer.declared());
      exchange.getResponseBody().write(answer.text().getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      if (answer.stays()) {
        closing.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
