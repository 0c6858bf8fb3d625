package io.taskstorage.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.agent.cluster.ApiAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes the objects that play nodes and pods. Any thread may call. */
public final class ClusterObjects implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String MERGE = "application/merge-patch+json";
  private static final int ATTEMPTS = 200;
  private static final long PAUSE_MILLIS = 100;
  private static final String NO_ACCOUNT = "serviceaccount";

  private final ApiAccess access;
  private final HttpClient client;

  /** Connects when first asked. */
  public ClusterObjects(ApiAccess access) {
    this.access = access;
    this.client = HttpClient.newBuilder().sslContext(access.tls()).build();
  }

  /** A Node that is Ready. Returns its uid. */
  String createNode(String name, Map<String, String> labels) {
    ObjectNode node = object("v1", "Node", "", name, labels);
    node.putObject("status").putArray("conditions").add(ready(true));
    return uid(create("/api/v1/nodes", node));
  }

  void setNodeReady(String name, boolean ready) {
    ObjectNode patch = JSON.createObjectNode();
    patch.putObject("status").putArray("conditions").add(ready(ready));
    send("PATCH", "/api/v1/nodes/" + name + "/status", MERGE, patch);
  }

  void labelNode(String name, Map<String, String> labels) {
    ObjectNode patch = JSON.createObjectNode();
    ObjectNode into = patch.putObject("metadata").putObject("labels");
    labels.forEach(into::put);
    send("PATCH", "/api/v1/nodes/" + name, MERGE, patch);
  }

  /** A pod that is bound to a node, which nobody runs. Returns its uid. */
  String createPod(String node, String namespace, String name, Map<String, String> labels) {
    ObjectNode pod = object("v1", "Pod", namespace, name, labels);
    ObjectNode spec = pod.putObject("spec");
    spec.put("nodeName", node);
    spec.putArray("tolerations").addObject().put("operator", "Exists");
    spec.putArray("containers").addObject().put("name", "main").put("image", "none");
    return uid(create("/api/v1/namespaces/" + namespace + "/pods", pod));
  }

  void setPodReady(String namespace, String name, boolean ready) {
    ObjectNode patch = JSON.createObjectNode();
    patch.putObject("status").putArray("conditions").add(ready(ready));
    send("PATCH", "/api/v1/namespaces/" + namespace + "/pods/" + name + "/status", MERGE, patch);
  }

  void deletePod(String namespace, String name) {
    delete("/api/v1/namespaces/" + namespace + "/pods/" + name + "?gracePeriodSeconds=0");
  }

  void deleteNode(String name) {
    delete("/api/v1/nodes/" + name);
  }

  /** The object at a path; empty if there is none. */
  public Optional<JsonNode> get(String path) {
    HttpResponse<byte[]> answer = exchange("GET", path, "", null);
    return answer.statusCode() == 404 ? Optional.empty() : Optional.of(body(answer, "GET", path));
  }

  /** Makes an object; one of its name that is there already is an error. */
  public JsonNode create(String path, ObjectNode object) {
    return send("POST", path, "application/json", object);
  }

  /** Changes an object by a merge patch. */
  public JsonNode merge(String path, ObjectNode patch) {
    return send("PATCH", path, MERGE, patch);
  }

  /** Removes the object at a path, if it is there. */
  public void delete(String path) {
    HttpResponse<byte[]> answer = exchange("DELETE", path, "", null);
    if (answer.statusCode() != 404) {
      body(answer, "DELETE", path);
    }
  }

  private JsonNode send(String method, String path, String type, JsonNode object) {
    return body(exchange(method, path, type, object), method, path);
  }

  /** Asks until the server is ready: definitions and accounts take a moment after they are made. */
  private HttpResponse<byte[]> exchange(
      String method, String path, String type, @Nullable JsonNode body) {
    for (int attempt = 1; ; attempt++) {
      HttpResponse<byte[]> answer = once(method, path, type, body);
      boolean isEarly =
          answer.statusCode() == 429
              || (answer.statusCode() == 403
                  && new String(answer.body(), StandardCharsets.UTF_8).contains(NO_ACCOUNT));
      if (!isEarly || attempt == ATTEMPTS) {
        return answer;
      }
      pause();
    }
  }

  private HttpResponse<byte[]> once(
      String method, String path, String type, @Nullable JsonNode body) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(access.server() + path))
              .timeout(LIMIT)
              .method(
                  method,
                  body == null
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
      if (body != null) {
        request.header("Content-Type", type);
      }
      access.token().current().ifPresent(t -> request.header("Authorization", "Bearer " + t));
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method + " " + path + ": interrupted", e);
    }
  }

  private static JsonNode body(HttpResponse<byte[]> answer, String method, String path) {
    try {
      JsonNode body = JSON.readTree(answer.body());
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(
            "%s %s: answer %d: %s"
                .formatted(
                    method, path, answer.statusCode(), body.path("message").asText("no reason")));
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + ": the answer is no JSON", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText();
  }

  private static ObjectNode object(
      String version, String kind, String namespace, String name, Map<String, String> labels) {
    ObjectNode object = JSON.createObjectNode();
    object.put("apiVersion", version).put("kind", kind);
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    ObjectNode into = metadata.putObject("labels");
    labels.forEach(into::put);
    return object;
  }

  private static ObjectNode ready(boolean ready) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    return JSON.createObjectNode()
        .put("type", "Ready")
        .put("status", ready ? "True" : "False")
        .put("lastHeartbeatTime", now)
        .put("lastTransitionTime", now);
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
