package io.taskstorage.telemetry;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process answers over HTTP until it is closed: {@code /healthz}, {@code /readyz} and {@code
 * /metrics} on one address, {@code /debug/state} on a loopback address of its own.
 */
public final class Endpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);
  private static final String TEXT = "text/plain; charset=utf-8";

  private final PageServer pages;
  private final PageServer debugPages;

  private Endpoints(PageServer pages, PageServer debugPages) {
    this.pages = pages;
    this.debugPages = debugPages;
  }

  /**
   * Answers from now on.
   *
   * @param readiness asked for each request, on any thread
   * @param registry what {@code /metrics} tells
   * @param state a record or map that {@code /debug/state} prints as JSON; asked on any thread
   * @throws CommandFailure if an address cannot be listened on, or {@code debugListen} is none of
   *     loopback
   */
  public static Endpoints open(
      ListenAddress listen,
      ListenAddress debugListen,
      Supplier<Readiness> readiness,
      PrometheusRegistry registry,
      Supplier<?> state) {
    InetSocketAddress debugAddress = resolve(debugListen);
    if (!debugAddress.getAddress().isLoopbackAddress()) {
      throw new CommandFailure(
          "listen %s: the state for debugging is told on a loopback address only: use 127.0.0.1 or"
                  .formatted(debugListen)
              + " [::1]");
    }
    PageServer pages =
        PageServer.open(
            listen,
            resolve(listen),
            Map.of(
                "/healthz", () -> new Page(200, TEXT, "ok\n"),
                "/readyz", () -> ready(readiness.get()),
                "/metrics", () -> metrics(registry)));
    try {
      PageServer debugPages =
          PageServer.open(debugListen, debugAddress, Map.of("/debug/state", () -> state(state)));
      LOG.atInfo()
          .addKeyValue(LogKey.ADDRESS, pages.address())
          .addKeyValue(LogKey.DEBUG_ADDRESS, debugPages.address())
          .log("listening");
      return new Endpoints(pages, debugPages);
    } catch (CommandFailure e) {
      pages.close();
      throw e;
    }
  }

  /** The port of {@code /healthz}, {@code /readyz} and {@code /metrics}. */
  public int port() {
    return pages.port();
  }

  /** The port of {@code /debug/state}. */
  public int debugPort() {
    return debugPages.port();
  }

  @Override
  public void close() {
    debugPages.close();
    pages.close();
  }

  private static InetSocketAddress resolve(ListenAddress address) {
    try {
      return address.resolve();
    } catch (UnknownHostException e) {
      throw new CommandFailure(
          "listen %s: no such host: use an address of this machine".formatted(address), e);
    }
  }

  private static Page ready(Readiness readiness) {
    return new Page(readiness.isReady() ? 200 : 503, TEXT, readiness.text());
  }

  private static Page metrics(PrometheusRegistry registry) throws IOException {
    PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    writer.write(text, registry.scrape());
    return new Page(200, writer.getContentType(), text.toString(StandardCharsets.UTF_8));
  }

  private static Page state(Supplier<?> state) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (PrintWriter out = new PrintWriter(text, false, StandardCharsets.UTF_8)) {
      Json.print(out, state.get());
    }
    return new Page(200, "application/json", text.toString(StandardCharsets.UTF_8));
  }
}
