package io.taskstorage.e2e.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;

/**
 * The server's own protocol, as whoever has a token. A client for Kubernetes would look first, for
 * which the agent has no right, or turn to the administrator's token where this one is refused.
 */
final class Http implements AutoCloseable {

  static final String JSON = "application/json";
  static final String MERGE = "application/merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";
  static final String APPLY = "application/apply-patch+yaml";

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient client;
  private final URI root;

  Http(Config config) {
    try {
      root = URI.create(config.getMasterUrl());
      client = HttpClient.newBuilder().sslContext(SSLUtils.sslContext(config)).build();
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError("trust the server", e);
    }
  }

  /**
   * A request.
   *
   * @param path with its query
   * @param body empty for none
   */
  record Request(String method, String path, String type, String body) {
    static Request of(String method, String path) {
      return new Request(method, path, JSON, "");
    }
  }

  /**
   * What the server said.
   *
   * @param code the HTTP status
   * @param body an object, a list or a Status
   * @param flowSchema the UID of the FlowSchema that took the request
   */
  record Reply(int code, JsonNode body, String flowSchema) {
    /** Why it was refused. */
    String message() {
      return body.path("message").asText();
    }

    /** What was asked for; fails if it was refused. */
    JsonNode taken() {
      if (code >= 400) {
        throw new AssertionError(code + " " + message());
      }
      return body;
    }
  }

  Reply send(String token, Request request) {
    HttpRequest http =
        HttpRequest.newBuilder(root.resolve(request.path()))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", request.type())
            .header("Accept", JSON)
            .method(request.method(), BodyPublishers.ofString(request.body()))
            .build();
    try {
      HttpResponse<String> response = client.send(http, BodyHandlers.ofString());
      return new Reply(
          response.statusCode(),
          MAPPER.readTree(response.body()),
          response.headers().firstValue("X-Kubernetes-PF-FlowSchema-UID").orElse(""));
    } catch (IOException e) {
      throw new AssertionError(request.method() + " " + request.path(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
