package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Reads documents of manifest files as strictly as the API server does: every unknown field and
 * every value of the wrong JSON type is a problem. Pure and thread-safe.
 */
public final class Manifests {

  private Manifests() {}

  /** Reads one document. An empty document (JSON null) is broken; skip it before. */
  public static Manifest parse(JsonNode document) {
    return new Manifest.Broken(
        "",
        Optional.empty(),
        List.of(new ManifestProblem("", "not yet: " + document.getNodeType())));
  }
}
