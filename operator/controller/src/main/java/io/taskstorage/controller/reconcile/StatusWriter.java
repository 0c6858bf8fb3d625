package io.taskstorage.controller.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.taskstorage.api.v1alpha1.ApiGroup;
import java.util.Objects;

/** Replaces the status of one object, if the object is still the one that was seen. */
final class StatusWriter {

  /** By which managedFields name the controller. */
  static final String MANAGER = "taskstorage-controller";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  /** What became of a write. */
  sealed interface Result {
    /** Done; the object has this resourceVersion now. */
    record Written(String resourceVersion) implements Result {}

    /** Somebody changed the object in between, or made another one of its name. */
    record Conflict() implements Result {}

    /** There is no such object any more. */
    record Gone() implements Result {}
  }

  private final KubernetesClient client;

  StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes.
   *
   * @param seen the object that the status was computed for: its uid and resourceVersion go along
   * @throws KubernetesClientException if the server cannot be reached or refuses
   */
  Result write(HasMetadata seen, Object status) {
    ObjectNode body = JSON.createObjectNode();
    body.put("apiVersion", ApiGroup.API_VERSION);
    body.put("kind", seen.getKind());
    ObjectNode metadata = body.putObject("metadata");
    metadata.put("name", seen.getMetadata().getName());
    metadata.put("namespace", seen.getMetadata().getNamespace());
    metadata.put("uid", seen.getMetadata().getUid());
    metadata.put("resourceVersion", seen.getMetadata().getResourceVersion());
    body.set("status", JSON.valueToTree(status));
    String namespace = seen.getMetadata().getNamespace();
    String path =
        "/apis/%s/%s%s/%s/status?fieldManager=%s"
            .formatted(
                ApiGroup.API_VERSION,
                namespace == null ? "" : "namespaces/" + namespace + "/",
                seen.getPlural(),
                seen.getMetadata().getName(),
                MANAGER);
    try {
      String answer = client.raw(path, "PUT", body);
      JsonNode stored = JSON.readTree(Objects.requireNonNullElse(answer, "{}"));
      return new Result.Written(stored.at("/metadata/resourceVersion").asText());
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        return new Result.Conflict();
      }
      if (e.getCode() == NOT_FOUND) {
        return new Result.Gone();
      }
      throw e;
    } catch (JsonProcessingException e) {
      throw new KubernetesClientException("write status: the answer is no JSON", e);
    }
  }
}
