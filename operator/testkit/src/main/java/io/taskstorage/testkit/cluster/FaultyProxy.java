package io.taskstorage.testkit.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Stands before an API server and does to requests what networks and busy servers do: cuts them,
 * refuses them, says nonsense. Speaks plain HTTP to clients on a loopback address. Any thread may
 * call.
 */
public final class FaultyProxy implements AutoCloseable {
  private static final List<String> PASSED =
      List.of("Accept", "Authorization", "Content-Type", "User-Agent");
  private static final int BUFFER_BYTES = 8192;
  private static final int SLOW_BYTES = 256;
  private static final int ALL = Integer.MAX_VALUE;
  private static final long OWED_BYTES = 1L << 40;

  /** What happens to a request in place of being passed on. */
  public sealed interface Fault {
    /** The connection ends without an answer. */
    record Cut() implements Fault {}

    /**
     * An answer of the server's kind, with this code.
     *
     * @param retryAfterSeconds what the answer asks for; 0 = it asks for nothing
     */
    record Refuse(int code, int retryAfterSeconds) implements Fault {}

    /** An answer 200 that is this text. */
    record Garbage(String text) implements Fault {}

    /** The answer is passed on up to so many bytes; then the connection ends. */
    record CutAfter(int bytes) implements Fault {}

    /** The answer is passed on in small pieces, with this pause before each. */
    record Slow(Duration pause) implements Fault {}

    /**
     * The client is as if it were killed at this request: nothing of it comes through any more, and
     * nothing comes back.
     *
     * @param passed the server still takes this request
     */
    record Kill(boolean passed) implements Fault {}
  }

  /** A request, as it came. */
  public record Seen(String method, String pathAndQuery) {}

  private record Rule(Predicate<Seen> which, Fault fault) {}

  private final HttpServer server;
  private final ExecutorService threads;
  private final HttpClient client;
  private final URI target;
  private final Queue<Rule> rules = new ConcurrentLinkedQueue<>();
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final Set<InputStream> open = ConcurrentHashMap.newKeySet();
  private final Set<InputStream> silent = ConcurrentHashMap.newKeySet();
  private final Set<Integer> codes = ConcurrentHashMap.newKeySet();
  private volatile boolean isKilled;

  private FaultyProxy(HttpServer server, URI target, SSLContext tls) {
    this.server = server;
    this.target = target;
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
    this.client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
  }

  /** Passes everything on to {@code target}, whom {@code tls} trusts, until told otherwise. */
  public static FaultyProxy start(URI target, SSLContext tls) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      FaultyProxy proxy = new FaultyProxy(server, target, tls);
      server.setExecutor(proxy.threads);
      server.createContext("/", proxy::answer);
      server.start();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("start proxy", e);
    }
  }

  /** Where clients reach it. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** From now on this happens to these requests, the first rule that fits one counting. */
  public void fault(Predicate<Seen> which, Fault fault) {
    rules.add(new Rule(which, fault));
  }

  /** Passes everything on again. */
  public void mend() {
    rules.clear();
  }

  /** Ends every answer that is being passed on, as a network does that is gone. */
  public void cutAll() {
    open.forEach(FaultyProxy::end);
  }

  /** Of every answer that is being passed on nothing comes any more, and it does not end. */
  public void silenceAll() {
    silent.addAll(open);
  }

  /** The codes of the server's own answers so far. */
  public Set<Integer> codes() {
    return Set.copyOf(codes);
  }

  /** The requests so far, in their order. */
  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  private void answer(HttpExchange exchange) throws IOException {
    Seen request = new Seen(exchange.getRequestMethod(), String.valueOf(exchange.getRequestURI()));
    seen.add(request);
    Fault fault = isKilled ? new Fault.Cut() : fault(request);
    switch (fault) {
      case null -> pass(exchange, ALL, Duration.ZERO);
      case Fault.Cut() -> exchange.close();
      case Fault.CutAfter(int bytes) -> pass(exchange, bytes, Duration.ZERO);
      case Fault.Slow(Duration pause) -> pass(exchange, ALL, pause);
      case Fault.Kill(boolean passed) -> kill(exchange, passed);
      case Fault.Garbage(String text) -> send(exchange, 200, text);
      case Fault.Refuse(int code, int retry) -> {
        if (retry > 0) {
          exchange.getResponseHeaders().set("Retry-After", Integer.toString(retry));
        }
        send(exchange, code, "{\"kind\":\"Status\",\"message\":\"a fault\",\"code\":" + code + "}");
      }
    }
  }

  /** True once a request came that was to be its client's last one. */
  public boolean isKilled() {
    return isKilled;
  }

  private void kill(HttpExchange exchange, boolean passed) throws IOException {
    isKilled = true;
    cutAll();
    if (passed) {
      // No byte of the answer: its client is gone.
      pass(exchange, 0, Duration.ZERO);
    } else {
      exchange.close();
    }
  }

  private @Nullable Fault fault(Seen request) {
    return rules.stream()
        .filter(rule -> rule.which().test(request))
        .map(Rule::fault)
        .findFirst()
        .orElse(null);
  }

  private static void send(HttpExchange exchange, int code, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void pass(HttpExchange exchange, int limit, Duration pause) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target + String.valueOf(exchange.getRequestURI())))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String header : PASSED) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        request.header(header, value);
      }
    }
    try (exchange) {
      HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
      codes.add(answer.statusCode());
      try (InputStream body = answer.body()) {
        open.add(body);
        copy(exchange, answer, limit, pause);
      } finally {
        open.remove(answer.body());
        silent.remove(answer.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Flushes after each piece: a watch's events must not wait for each other. */
  private void copy(
      HttpExchange exchange, HttpResponse<InputStream> answer, int limit, Duration pause)
      throws IOException, InterruptedException {
    InputStream body = answer.body();
    answer
        .headers()
        .firstValue("Content-Type")
        .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
    // Of an answer that owes bytes the JDK's server cuts the connection at its end.
    exchange.sendResponseHeaders(answer.statusCode(), limit == ALL ? 0 : OWED_BYTES);
    OutputStream out = exchange.getResponseBody();
    if (exchange.getRequestURI().getQuery() != null
        && exchange.getRequestURI().getQuery().contains("watch=")) {
      // The JDK's server keeps its headers until the first byte, which a watch may not have for
      // long.
      out.write(' ');
    }
    out.flush();
    byte[] buffer = new byte[pause.isZero() ? BUFFER_BYTES : SLOW_BYTES];
    int left = limit;
    while (left > 0 || limit == ALL) {
      int count =
          body.read(buffer, 0, limit == ALL ? buffer.length : Math.min(buffer.length, left));
      if (count < 0) {
        return;
      }
      if (silent.contains(body)) {
        continue;
      }
      Thread.sleep(pause);
      out.write(buffer, 0, count);
      out.flush();
      left -= count;
    }
    throw new IOException("cut after " + limit + " bytes");
  }

  private static void end(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // It is ended either way.
    }
  }

  @Override
  public void close() {
    cutAll();
    server.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
    client.close();
  }
}
