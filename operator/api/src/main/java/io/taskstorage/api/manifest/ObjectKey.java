package io.taskstorage.api.manifest;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;

/**
 * Which object: kind and names as in the manifest.
 *
 * @param namespace empty for a cluster-scoped object
 */
public record ObjectKey(String kind, String namespace, String name)
    implements Comparable<ObjectKey> {
  /** The key of a cluster-scoped object. */
  public ObjectKey(String kind, String name) {
    this(kind, "", name);
  }

  /** The key of an object that has been read. */
  public static ObjectKey of(HasMetadata object) {
    // The API server, too, forgets the namespace of an object that can have none.
    String namespace = object instanceof Namespaced ? object.getMetadata().getNamespace() : null;
    return new ObjectKey(
        object.getKind(), namespace == null ? "" : namespace, object.getMetadata().getName());
  }

  /** {@code namespace/name}, or only the name. */
  public String fullName() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  @Override
  public int compareTo(ObjectKey other) {
    int byKind = kind.compareTo(other.kind);
    if (byKind != 0) {
      return byKind;
    }
    int byFullName = fullName().compareTo(other.fullName());
    return byFullName == 0 ? namespace.compareTo(other.namespace) : byFullName;
  }

  /** {@code TaskStorageMap tenant-ctx}, {@code TaskStoragePolicy shop/web}. */
  @Override
  public String toString() {
    return kind + " " + fullName();
  }
}
