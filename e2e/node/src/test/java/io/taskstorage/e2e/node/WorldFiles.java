package io.taskstorage.e2e.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.e2e.node.World.ContainerSpec;
import io.taskstorage.e2e.node.World.PodSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A world as manifests: what people apply in one file, what a cluster already has in another. */
final class WorldFiles {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private WorldFiles() {}

  /** Writes both files into {@code folder}, over those of an earlier world. */
  static void write(World world, Path folder) {
    write(world.objects(), folder.resolve("objects.yaml"));
    write(cluster(world), folder.resolve("cluster.yaml"));
  }

  private static void write(List<ObjectNode> objects, Path file) {
    StringBuilder text = new StringBuilder();
    // JSON is YAML; a document marker between objects keeps them apart.
    objects.forEach(object -> text.append("---\n").append(object).append('\n'));
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("write " + file + ": " + e.getMessage(), e);
    }
  }

  private static List<ObjectNode> cluster(World world) {
    List<ObjectNode> objects = new ArrayList<>();
    world.nodes().forEach(node -> objects.add(object("Node", node.name(), node.labels())));
    world.namespaces().forEach((name, labels) -> objects.add(object("Namespace", name, labels)));
    world.pods().forEach(pod -> objects.add(pod(pod)));
    return objects;
  }

  private static ObjectNode pod(PodSpec pod) {
    ObjectNode object = object("Pod", pod.name(), pod.labels());
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    metadata.put("namespace", pod.namespace()).put("uid", pod.uid());
    metadata.set("annotations", JSON.valueToTree(pod.annotations()));
    ObjectNode spec = object.putObject("spec");
    spec.put("nodeName", pod.node()).put("serviceAccountName", pod.serviceAccount());
    for (ContainerSpec container : pod.containers()) {
      ArrayNode list =
          spec.has(container.where())
              ? (ArrayNode) spec.get(container.where())
              : spec.putArray(container.where());
      ObjectNode node =
          list.addObject().put("name", container.name()).put("image", container.image());
      if (container.isSidecar()) {
        node.put("restartPolicy", "Always");
      }
    }
    return object;
  }

  private static ObjectNode object(String kind, String name, Map<String, String> labels) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", "v1").put("kind", kind);
    object.putObject("metadata").put("name", name).set("labels", JSON.valueToTree(labels));
    return object;
  }
}
