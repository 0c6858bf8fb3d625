package io.taskstorage.agent.compute;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.Unsupported;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The versions of objects that were accepted last. An edit that breaks a rule does not take away
 * what was in force, as an API server would not have let it in.
 *
 * @param objects by kind and name
 */
public record LastAccepted(Map<ObjectKey, HasMetadata> objects) {

  /** At the start: nothing was accepted yet. */
  public static final LastAccepted NONE = new LastAccepted(Map.of());

  /** Copies the map. */
  public LastAccepted {
    objects = Map.copyOf(objects);
  }

  /** Those of which the API has a newer version, which is refused; in the order of their keys. */
  @SuppressWarnings("ReferenceEquality") // A version is the same instance while it counts.
  public List<HasMetadata> behind(ApiState api) {
    Set<ObjectKey> unsupported =
        api.unsupported().stream().map(Unsupported::key).collect(Collectors.toSet());
    SortedMap<ObjectKey, HasMetadata> behind = new TreeMap<>();
    objects.forEach(
        (key, object) -> {
          Origin written = api.objects().get(key);
          if (unsupported.contains(key) || (written != null && written.object() != object)) {
            behind.put(key, object);
          }
        });
    return List.copyOf(behind.values());
  }
}
