package io.taskstorage.agent.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.util.List;

/**
 * What is kept of an object: what somebody here asks for, as JSON. Two versions of an object that
 * differ in nothing else are the same here. Pure.
 */
final class Pruning {
  static final JsonMapper MAPPER = new JsonMapper();

  private static final List<String> IDENTITY = List.of("name", "namespace", "uid");
  private static final List<String> CONTAINERS =
      List.of("initContainers", "containers", "ephemeralContainers");
  private static final List<String> STATUSES =
      List.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses");

  private Pruning() {}

  /** The kept part. What is not there, or is null, is not in it. */
  static ObjectNode prune(Resource resource, JsonNode object) {
    return switch (resource) {
      case PODS -> pod(object);
      case NODES, NAMESPACES -> labelled(object);
      case TASKSTORAGEMAPS -> ours(TaskStorageMap.KIND, object);
      case CLUSTERTASKSTORAGEPOLICIES -> ours(ClusterTaskStoragePolicy.KIND, object);
      case TASKSTORAGEPOLICIES -> ours(TaskStoragePolicy.KIND, object);
    };
  }

  /** The kept part of an object of ours that was read: reading it again gives the same object. */
  static String keep(HasMetadata object) {
    return ours(object.getKind(), MAPPER.valueToTree(object)).toString();
  }

  private static ObjectNode labelled(JsonNode object) {
    ObjectNode kept = MAPPER.createObjectNode();
    ObjectNode metadata = kept.putObject("metadata");
    copy(object.path("metadata"), metadata, IDENTITY);
    copy(object.path("metadata"), metadata, List.of("labels"));
    return kept;
  }

  private static ObjectNode pod(JsonNode pod) {
    ObjectNode kept = labelled(pod);
    ObjectNode metadata = kept.withObjectProperty("metadata");
    copy(pod.path("metadata"), metadata, List.of("annotations"));
    if (metadata.path("annotations").has(Reading.CONFIG_MIRROR)) {
      copy(pod.path("metadata"), metadata, List.of("creationTimestamp"));
    }
    ObjectNode spec = kept.putObject("spec");
    copy(pod.path("spec"), spec, List.of("serviceAccountName", "nodeName"));
    for (String list : CONTAINERS) {
      part(pod.path("spec"), spec, list, List.of("name", "image", "restartPolicy"));
    }
    ObjectNode status = kept.putObject("status");
    for (String list : STATUSES) {
      part(pod.path("status"), status, list, List.of("name", "containerID"));
    }
    return kept;
  }

  /** Everything that a user wrote into the spec, also what this version does not know. */
  private static ObjectNode ours(String kind, JsonNode object) {
    ObjectNode kept = MAPPER.createObjectNode();
    // Objects in a list name neither kind nor version.
    kept.put("apiVersion", object.path("apiVersion").asText(ApiGroup.API_VERSION));
    kept.put("kind", kind);
    ObjectNode metadata = kept.putObject("metadata");
    copy(object.path("metadata"), metadata, IDENTITY);
    copy(object.path("metadata"), metadata, List.of("generation", "creationTimestamp"));
    copy(object, kept, List.of("spec"));
    return kept;
  }

  private static void part(JsonNode from, ObjectNode to, String list, List<String> names) {
    if (from.path(list).isEmpty()) {
      return;
    }
    ArrayNode kept = to.putArray(list);
    for (JsonNode item : from.path(list)) {
      copy(item, kept.addObject(), names);
    }
  }

  private static void copy(JsonNode from, ObjectNode to, List<String> names) {
    for (String name : names) {
      JsonNode value = from.path(name);
      if (!value.isMissingNode() && !value.isNull()) {
        to.set(name, value);
      }
    }
  }
}
