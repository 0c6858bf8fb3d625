package io.taskstorage.policy;

import java.util.Comparator;

/**
 * Names one policy among all policies of a cluster.
 *
 * <p>Ordered by the bytes of {@code namespace/name}, for a cluster policy of {@code name}: the last
 * rule of precedence. Names are ASCII, so the order of Java's characters is that of the bytes.
 *
 * @param namespace empty for a cluster policy
 * @param name the object's name
 */
public record PolicyKey(String namespace, String name) implements Comparable<PolicyKey> {

  // A name that no API server would take may hold a slash: such keys differ all the same.
  private static final Comparator<PolicyKey> ORDER =
      Comparator.comparing(PolicyKey::toString).thenComparing(PolicyKey::namespace);

  /** The key of a cluster policy. */
  public static PolicyKey cluster(String name) {
    return new PolicyKey("", name);
  }

  /** True for a cluster policy. */
  public boolean isCluster() {
    return namespace.isEmpty();
  }

  @Override
  public int compareTo(PolicyKey other) {
    return ORDER.compare(this, other);
  }

  /** {@code namespace/name}, for a cluster policy {@code name}. */
  @Override
  public String toString() {
    return isCluster() ? name : namespace + "/" + name;
  }
}
