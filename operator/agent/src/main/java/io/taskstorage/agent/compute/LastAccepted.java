package io.taskstorage.agent.compute;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.manifest.ObjectKey;
import java.util.Map;

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
}
