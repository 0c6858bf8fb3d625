package io.taskstorage.controller.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.controller.aggregate.Unreadable;
import io.taskstorage.policy.Problem;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads maps and policies so that one that fits no type becomes an {@link Unreadable} instead of an
 * exception, which would end the list or watch that it stands in.
 */
final class LenientTypes {

  private static final JsonMapper MAPPER = new JsonMapper();

  /** Which problem each unreadable object has; its kind is annotated on its own class again. */
  private LenientTypes() {}

  static void register(SimpleModule module) {
    module.addDeserializer(
        TaskStorageMap.class, new Reader<>(TaskStorageMap.class, UnreadableMap::new));
    module.addDeserializer(
        ClusterTaskStoragePolicy.class,
        new Reader<>(ClusterTaskStoragePolicy.class, UnreadableClusterPolicy::new));
    module.addDeserializer(
        TaskStoragePolicy.class, new Reader<>(TaskStoragePolicy.class, UnreadablePolicy::new));
  }

  private static final class Reader<T extends HasMetadata> extends JsonDeserializer<T> {
    private final Class<T> type;
    private final Function<List<Problem>, ? extends T> unreadable;

    Reader(Class<T> type, Function<List<Problem>, ? extends T> unreadable) {
      this.type = type;
      this.unreadable = unreadable;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      ObjectNode tree = MAPPER.readTree(parser);
      try {
        return MAPPER.treeToValue(tree, type);
      } catch (JsonProcessingException e) {
        // A status is ours to write: one that cannot be read is written anew.
        ObjectNode bare = tree.deepCopy().without("status");
        try {
          return MAPPER.treeToValue(bare, type);
        } catch (JsonProcessingException again) {
          return refused(tree, again);
        }
      }
    }

    private T refused(JsonNode tree, JsonProcessingException why) throws IOException {
      T object = unreadable.apply(List.of(problem(why)));
      object.setMetadata(MAPPER.treeToValue(tree.path("metadata"), ObjectMeta.class));
      return object;
    }
  }

  /** Names the place; the parser's own words would tell the value. */
  private static Problem problem(JsonProcessingException why) {
    String path =
        why instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(part -> part.getFieldName() == null ? "" : part.getFieldName())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("."))
            : "";
    return new Problem(
        path.isEmpty() ? "spec" : path,
        "of a type that this version does not know: correct it, or upgrade the controller");
  }
}
