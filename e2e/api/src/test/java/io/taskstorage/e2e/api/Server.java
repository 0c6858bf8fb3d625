package io.taskstorage.e2e.api;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The API server as its own protocol shows it: nothing is defaulted or retried on our side. */
final class Server implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private static final String JSON_TYPE = "application/json";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Map<String, String> PLURALS =
      Map.of(
          "TaskStorageMap", "taskstoragemaps",
          "ClusterTaskStoragePolicy", "clustertaskstoragepolicies",
          "TaskStoragePolicy", "taskstoragepolicies",
          "TaskStorageNodeState", "taskstoragenodestates",
          "ConfigMap", "configmaps",
          "CustomResourceDefinition", "customresourcedefinitions");

  private final HttpClient client;
  private final URI root;
  private final String token;

  private Server(HttpClient client, URI root, String token) {
    this.client = client;
    this.root = root;
    this.token = token;
  }

  /** The server of the kubeconfig's first cluster, as its first user, who has a token. */
  static Server of(Path kubeconfig) {
    JsonNode config = Corpus.documents(kubeconfig).getFirst();
    JsonNode cluster = config.at("/clusters/0/cluster");
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trusting(cluster))
            .connectTimeout(PATIENCE)
            .build();
    return new Server(
        client,
        URI.create(cluster.path("server").asText()),
        config.at("/users/0/user/token").asText());
  }

  private static SSLContext trusting(JsonNode cluster) {
    try {
      byte[] certificates =
          cluster.has("certificate-authority-data")
              ? Base64.getDecoder().decode(cluster.path("certificate-authority-data").asText())
              : Files.readAllBytes(Path.of(cluster.path("certificate-authority").asText()));
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      try (InputStream in = new ByteArrayInputStream(certificates)) {
        for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          store.setCertificateEntry("ca" + count++, certificate);
        }
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError("trust the server", e);
    }
  }

  /** Creates without storing; unknown and doubled properties are refused. */
  Answer tryCreate(JsonNode object) {
    return send(
        "POST", collection(object) + "?dryRun=All&fieldValidation=Strict", JSON_TYPE, object);
  }

  /** Creates; unknown properties are dropped with a warning, as for clients that ask nothing. */
  Answer create(JsonNode object) {
    return send("POST", collection(object), JSON_TYPE, object);
  }

  /** Server-side apply by this manager. */
  Answer apply(JsonNode object, String manager) {
    return apply(object, manager, false);
  }

  /** Server-side apply by this manager, who may take from others what is theirs. */
  Answer apply(JsonNode object, String manager, boolean force) {
    return send(
        "PATCH",
        "%s?fieldManager=%s&force=%s&fieldValidation=Strict"
            .formatted(path(object), manager, force),
        "application/apply-patch+yaml",
        object);
  }

  /** Merges into the stored object. */
  Answer merge(JsonNode object, String change) {
    return send("PATCH", path(object), "application/merge-patch+json", Corpus.read(change));
  }

  /** Merges into the stored object's status. */
  Answer mergeStatus(JsonNode object, String change) {
    return send(
        "PATCH", path(object) + "/status", "application/merge-patch+json", Corpus.read(change));
  }

  /** Merges into the stored object's status without storing it. */
  Answer tryMergeStatus(JsonNode object, JsonNode change) {
    return send(
        "PATCH",
        path(object) + "/status?dryRun=All&fieldValidation=Strict",
        "application/merge-patch+json",
        change);
  }

  /** Creates the object, and writes its status as its controller would. */
  void createWithStatus(JsonNode object) {
    create(object).taken();
    ObjectNode status = JSON.createObjectNode();
    status.set("status", object.path("status"));
    send("PATCH", path(object) + "/status", "application/merge-patch+json", status).taken();
  }

  Answer replace(JsonNode object) {
    return send("PUT", path(object) + "?fieldValidation=Strict", JSON_TYPE, object);
  }

  Answer get(JsonNode object) {
    return send("GET", path(object), JSON_TYPE, JSON.missingNode());
  }

  Answer delete(JsonNode object) {
    return send("DELETE", path(object), JSON_TYPE, JSON.missingNode());
  }

  /** The objects of a kind, of all namespaces. */
  Answer list(Definition definition) {
    return send("GET", collection(definition), JSON_TYPE, JSON.missingNode());
  }

  /** The objects of the kind, and of the namespace, of this one whose labels a selector takes. */
  Answer select(JsonNode object, String labelSelector) {
    String query = "?labelSelector=" + URLEncoder.encode(labelSelector, StandardCharsets.UTF_8);
    return send("GET", collection(object) + query, JSON_TYPE, JSON.missingNode());
  }

  /** Deletes every object of our kinds. */
  void clear() {
    for (Definition definition : Definition.all()) {
      for (JsonNode item : list(definition).taken().path("items")) {
        delete(definition.identified(item)).taken();
      }
    }
  }

  /** Waits until objects of the definition can be made. */
  void awaitServed(Definition definition) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !list(definition).isRefusal()
                    && get(definition.crd())
                        .taken()
                        .at("/status/conditions")
                        .toString()
                        .contains("\"InitialNamesAccepted\""));
  }

  private static String collection(Definition definition) {
    return "/apis/%s/v1alpha1/%s"
        .formatted(
            definition.crd().at("/spec/group").asText(),
            definition.crd().at("/spec/names/plural").asText());
  }

  private static String collection(JsonNode object) {
    String apiVersion = object.path("apiVersion").asText();
    String namespace = object.at("/metadata/namespace").asText();
    return "/%s/%s%s/%s"
        .formatted(
            apiVersion.equals("v1") ? "api" : "apis",
            apiVersion,
            namespace.isEmpty() ? "" : "/namespaces/" + namespace,
            PLURALS.get(object.path("kind").asText()));
  }

  private static String path(JsonNode object) {
    return collection(object) + "/" + object.at("/metadata/name").asText();
  }

  /**
   * As a string: bytes would have escapes for the halves of a wide character, which are JSON, but
   * not YAML, and as YAML the server reads what is applied.
   */
  private static String text(JsonNode body) throws IOException {
    return JSON.writeValueAsString(body);
  }

  private Answer send(String method, String path, String type, JsonNode body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(root.resolve(path))
              .timeout(PATIENCE)
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", type)
              .header("Accept", JSON_TYPE)
              .method(
                  method,
                  body.isMissingNode()
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(text(body)))
              .build();
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        return new Answer(
            response.statusCode(), JSON.readTree(in), response.headers().allValues("warning"));
      }
    } catch (IOException e) {
      throw new AssertionError(
          "%s %s: %s".formatted(method.toLowerCase(Locale.ROOT), path, e.getMessage()), e);
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
