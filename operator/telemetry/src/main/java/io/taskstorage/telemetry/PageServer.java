package io.taskstorage.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.taskstorage.console.CommandFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves a few pages on one address. Whatever clients do, its threads and memory are bounded. */
final class PageServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** A client that sends slowly holds one until its time is over; probes need another then. */
  static final int MAX_THREADS = 8;

  static final int MAX_CONNECTIONS = 32;

  /** How long a client may take to send its request. */
  static final int MAX_REQUEST_SECONDS = 5;

  private static final int MAX_RESPONSE_SECONDS = 30;
  private static final int MAX_HEADERS = 50;
  private static final int MAX_HEADER_BYTES = 16 << 10;

  static {
    // The JDK's server takes its limits from properties, and only when its classes are loaded.
    limit("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    limit("sun.net.httpserver.maxReqTime", MAX_REQUEST_SECONDS);
    limit("sun.net.httpserver.maxRspTime", MAX_RESPONSE_SECONDS);
    limit("sun.net.httpserver.maxReqHeaders", MAX_HEADERS);
    limit("sun.net.httpserver.maxReqHeaderSize", MAX_HEADER_BYTES);
    limit("sun.net.httpserver.maxIdleConnections", MAX_CONNECTIONS / 2);
    limit("sun.net.httpserver.drainAmount", 0);
  }

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final Map<String, Page.Source> pages;

  private PageServer(HttpServer server, Map<String, Page.Source> pages) {
    this.server = server;
    this.pages = Map.copyOf(pages);
    // A connection has one request at a time, so the queue always has room.
    this.threads =
        new ThreadPoolExecutor(
            MAX_THREADS,
            MAX_THREADS,
            MAX_RESPONSE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_CONNECTIONS * 2),
            task -> Thread.ofPlatform().daemon().name("endpoints").unstarted(task));
    threads.allowCoreThreadTimeOut(true);
  }

  private static void limit(String property, int value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(value));
    }
  }

  static PageServer open(
      ListenAddress asked, InetSocketAddress address, Map<String, Page.Source> pages) {
    try {
      HttpServer server = HttpServer.create(address, MAX_CONNECTIONS);
      PageServer pageServer = new PageServer(server, pages);
      server.setExecutor(pageServer.threads);
      server.createContext("/", pageServer::answer);
      server.start();
      return pageServer;
    } catch (IOException e) {
      throw new CommandFailure(
          "listen %s: %s: choose another address".formatted(asked, e.getMessage()), e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** As others would write it. */
  String address() {
    InetSocketAddress address = server.getAddress();
    String host = address.getAddress().isAnyLocalAddress() ? "" : address.getHostString();
    return new ListenAddress(host, address.getPort()).toString();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(MAX_REQUEST_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a request did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Page page = page(exchange);
      byte[] body = page.text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", page.contentType());
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.sendResponseHeaders(page.code(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Page page(HttpExchange exchange) {
    Page.@Nullable Source source = pages.get(exchange.getRequestURI().getPath());
    if (source == null) {
      return new Page(404, PLAIN, "not found\n");
    }
    if (!"GET".equals(exchange.getRequestMethod())) {
      exchange.getResponseHeaders().set("Allow", "GET");
      exchange.getResponseHeaders().set("Connection", "close");
      return new Page(405, PLAIN, "use GET\n");
    }
    if (hasBody(exchange)) {
      exchange.getResponseHeaders().set("Connection", "close");
      return new Page(413, PLAIN, "send no body\n");
    }
    try {
      return source.get();
    } catch (IOException | RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue(LogKey.PATH, exchange.getRequestURI()).log("no answer");
      return new Page(500, PLAIN, "unexpected failure: the log says more\n");
    }
  }

  private static boolean hasBody(HttpExchange exchange) {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    return exchange.getRequestHeaders().containsKey("Transfer-Encoding")
        || (length != null && !length.equals("0"));
  }
}
