package io.taskstorage.controller.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of the watches of a server that begins to answer and then tells nothing. */
class OpenWatchesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final OpenWatches open = new OpenWatches();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean refuses = new AtomicBoolean();
  private final AtomicInteger refused = new AtomicInteger();

  /** Of the answer that is open. */
  private final AtomicReference<CountDownLatch> end = new AtomicReference<>(new CountDownLatch(1));

  private HttpServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withOnlyHttpWatches(true)
            .withWatchReconnectInterval(1)
            .withRequestRetryBackoffLimit(0)
            .build();
    client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("open", open))
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    end.get().countDown();
    server.stop(0);
    threads.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (refuses.get()) {
        exchange.sendResponseHeaders(503, -1);
        refused.incrementAndGet();
        return;
      }
      CountDownLatch until = end.get();
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().flush();
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the answer that is open; the next one is another. */
  private void endAnswer() {
    end.getAndSet(new CountDownLatch(1)).countDown();
  }

  @Test
  void aWatchIsOpenFromTheAnswerToItsEnd() {
    assertThat(open.isOpen("nodes")).isFalse();
    try (Watch _ = client.nodes().watch(new Nobody<>())) {
      // Then though nothing was told
      await().atMost(PATIENCE).until(() -> open.isOpen("nodes"));
      assertThat(open.isOpen("pods")).isFalse();

      // When
      refuses.set(true);
      endAnswer();
      // Then
      await().atMost(PATIENCE).until(() -> refused.get() > 1);
      assertThat(open.isOpen("nodes")).isFalse();

      // When
      refuses.set(false);
      // Then
      await().atMost(PATIENCE).until(() -> open.isOpen("nodes"));
    }
    // When it was closed, then
    await().atMost(PATIENCE).until(() -> !open.isOpen("nodes"));
  }

  /** Who is told of nothing. */
  private static final class Nobody<T> implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T object) {
      throw new AssertionError(action + " " + object);
    }

    @Override
    public void onClose(WatcherException cause) {
      // The library tries again by itself.
    }
  }
}
