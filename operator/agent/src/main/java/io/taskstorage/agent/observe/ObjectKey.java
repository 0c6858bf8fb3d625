package io.taskstorage.agent.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Comparator;

/**
 * Which object: kinds and names as in the manifest. The kinds of this API that a folder holds are
 * cluster-scoped, or their namespace is part of {@code name} as {@code namespace/name}.
 */
public record ObjectKey(String kind, String name) implements Comparable<ObjectKey> {
  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::kind).thenComparing(ObjectKey::name);

  /** The key of an object that has been read. */
  public static ObjectKey of(HasMetadata object) {
    String namespace = object.getMetadata().getNamespace();
    String name = object.getMetadata().getName();
    boolean isNamespaced = namespace != null && !namespace.isEmpty();
    return new ObjectKey(object.getKind(), isNamespaced ? namespace + "/" + name : name);
  }

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }

  /** {@code TaskStorageMap tenant-ctx}. */
  @Override
  public String toString() {
    return kind + " " + name;
  }
}
