package io.taskstorage.agent.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * HTTP to one API server, by the JDK's client. Any thread may call.
 *
 * <p>HTTP/1.1, so that every watch has a connection of its own: one that hangs holds up no other.
 */
public final class ApiConnection implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  /** Until the first byte of an answer; what comes then is watched by whoever reads it. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final long MAX_RETRY_SECONDS = 300;
  private static final int THREADS = 2;
  private static final long IDLE_SECONDS = 10;

  private final ApiAccess access;
  private final ThreadPoolExecutor threads;
  private final HttpClient client;
  private final String agent;

  /** Connects when first asked. */
  public ApiConnection(ApiAccess access, String version) {
    this.access = access;
    this.agent = "taskstorage-agent/" + version;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> Thread.ofPlatform().daemon().name("api-connection").unstarted(task));
    threads.allowCoreThreadTimeOut(true);
    this.client =
        HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(access.tls())
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** The server's address, for messages. */
  public String server() {
    return access.server().toString();
  }

  /**
   * Begins to read.
   *
   * @return the body, for the caller to close, from any thread
   */
  public InputStream get(String path, String accept) throws ApiFailure, InterruptedException {
    return send("GET", path, accept, "", BodyPublishers.noBody());
  }

  /**
   * Changes an object by a JSON patch; returns what the server made of it. Fields that its
   * definition does not have are left out there, where an apply would be refused as a whole.
   */
  public JsonNode patch(String path, String body) throws ApiFailure, InterruptedException {
    try (InputStream answer =
        send(
            "PATCH",
            path,
            "application/json",
            "application/json-patch+json",
            BodyPublishers.ofString(body))) {
      return Pruning.MAPPER.readTree(answer);
    } catch (IOException e) {
      throw ApiFailure.unreached(reason(e));
    }
  }

  private InputStream send(
      String method, String path, String accept, String contentType, BodyPublisher body)
      throws ApiFailure, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server() + path))
            .timeout(ANSWER_LIMIT)
            .header("Accept", accept)
            .header("User-Agent", agent)
            .method(method, body);
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    try {
      access.token().current().ifPresent(t -> request.header("Authorization", "Bearer " + t));
    } catch (IOException | IllegalArgumentException e) {
      throw ApiFailure.unreached("the token cannot be read (%s)".formatted(reason(e)));
    }
    HttpResponse<InputStream> answer;
    try {
      answer = client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw ApiFailure.unreached(reason(e));
    }
    if (answer.statusCode() == 200 || answer.statusCode() == 201) {
      return answer.body();
    }
    throw failure(answer);
  }

  private static ApiFailure failure(HttpResponse<InputStream> answer) {
    String message = "no reason given";
    try (InputStream body = answer.body()) {
      JsonNode status = Pruning.MAPPER.readTree(body.readNBytes(MAX_ERROR_BYTES));
      message = status.path("message").asText(message);
    } catch (IOException e) {
      // The code says enough.
    }
    return new ApiFailure(answer.statusCode(), message, retryAfter(answer));
  }

  private static Duration retryAfter(HttpResponse<?> answer) {
    Optional<String> seconds = answer.headers().firstValue("Retry-After");
    return seconds
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(text -> Duration.ofSeconds(Math.min(Long.parseLong(text), MAX_RETRY_SECONDS)))
        .orElse(Duration.ZERO);
  }

  /** In words: the JDK's client says it by the kinds of its exceptions. */
  static String reason(Exception failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      switch (each) {
        case UnresolvedAddressException _ -> {
          return "no such host";
        }
        case HttpTimeoutException _ -> {
          return "no answer in time";
        }
        case SSLException tls -> {
          return "TLS: " + tls.getMessage();
        }
        case NoSuchFileException file -> {
          return "no such file: " + file.getMessage();
        }
        case ConnectException refused when refused.getMessage() != null -> {
          return "connection refused";
        }
        default -> {}
      }
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
    threads.shutdownNow();
  }
}
