package io.taskstorage.api.v1alpha1;

import java.util.List;
import java.util.Optional;

/** What one document of a manifest file is. */
public sealed interface Manifest {

  /** A well-formed map; whether it is valid is the policy engine's to say. */
  record OfMap(TaskStorageMap map) implements Manifest {}

  /** A well-formed cluster policy. */
  record OfClusterPolicy(ClusterTaskStoragePolicy policy) implements Manifest {}

  /** A well-formed namespaced policy. */
  record OfPolicy(TaskStoragePolicy policy) implements Manifest {}

  /**
   * A document that means to be one of ours and is not well-formed.
   *
   * @param kind as written; empty where there is none
   * @param name {@code metadata.name} as written, if it is a string
   * @param problems all of them, at least one, in the document's order
   */
  record Broken(String kind, Optional<String> name, List<ManifestProblem> problems)
      implements Manifest {
    /** Copies the list. */
    public Broken {
      problems = List.copyOf(problems);
    }
  }

  /** An object of another API group: not ours to judge. */
  record Foreign(String apiVersion, String kind) implements Manifest {}
}
