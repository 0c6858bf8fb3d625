package io.taskstorage.controller.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.controller.aggregate.Judgement;
import io.taskstorage.controller.aggregate.ObjectSet;
import io.taskstorage.policy.NamespaceFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Maps, policies and the namespaces that they depend on, with the judgement of them all. */
final class OwnObjects {

  private final Map<String, TaskStorageMap> maps = new ConcurrentHashMap<>();
  private final Map<String, ClusterTaskStoragePolicy> clusterPolicies = new ConcurrentHashMap<>();
  private final Map<String, TaskStoragePolicy> policies = new ConcurrentHashMap<>();
  private final Map<String, NamespaceFacts> namespaces = new ConcurrentHashMap<>();
  private @Nullable Judgement judgement;

  /** Takes in an object as it is now. True if other objects may be judged otherwise for it. */
  synchronized boolean put(HasMetadata object) {
    String key = key(object);
    HasMetadata before =
        switch (object) {
          case TaskStorageMap map -> maps.put(key, map);
          case ClusterTaskStoragePolicy policy -> clusterPolicies.put(key, policy);
          case TaskStoragePolicy policy -> policies.put(key, policy);
          default -> throw new IllegalArgumentException("keep " + object.getKind() + ": not ours");
        };
    boolean changed = before == null || !isSameSpec(before, object);
    if (changed) {
      judgement = null;
    }
    return changed;
  }

  synchronized void remove(HasMetadata object) {
    String key = key(object);
    switch (object) {
      case TaskStorageMap _ -> maps.remove(key);
      case ClusterTaskStoragePolicy _ -> clusterPolicies.remove(key);
      case TaskStoragePolicy _ -> policies.remove(key);
      default -> throw new IllegalArgumentException("drop " + object.getKind() + ": not ours");
    }
    judgement = null;
  }

  /** Takes in a namespace; null for one that is gone. True if that changes anything. */
  synchronized boolean namespace(String name, @Nullable SeenNamespace namespace) {
    NamespaceFacts facts = namespace == null ? null : new NamespaceFacts(name, namespace.labels());
    NamespaceFacts before = facts == null ? namespaces.remove(name) : namespaces.put(name, facts);
    boolean changed = facts == null ? before != null : !facts.equals(before);
    if (changed) {
      judgement = null;
    }
    return changed;
  }

  /** The judgement of all, made anew if something has changed since the last one. */
  synchronized Judgement judgement() {
    Judgement current = judgement;
    if (current == null) {
      current =
          Judgement.of(
              new ObjectSet(
                  List.copyOf(maps.values()),
                  List.copyOf(clusterPolicies.values()),
                  List.copyOf(policies.values()),
                  namespaces));
      judgement = current;
    }
    return current;
  }

  /** The object of this kind and key as it was last seen. */
  @SuppressWarnings("unchecked")
  <P extends CustomResource<?, ?>> Optional<P> current(P asked) {
    Map<String, ? extends CustomResource<?, ?>> all =
        switch (asked) {
          case TaskStorageMap _ -> maps;
          case ClusterTaskStoragePolicy _ -> clusterPolicies;
          default -> policies;
        };
    return Optional.ofNullable((P) all.get(key(asked)));
  }

  List<TaskStorageMap> maps() {
    return List.copyOf(maps.values());
  }

  List<ClusterTaskStoragePolicy> clusterPolicies() {
    return List.copyOf(clusterPolicies.values());
  }

  List<TaskStoragePolicy> policies() {
    return List.copyOf(policies.values());
  }

  private static boolean isSameSpec(HasMetadata one, HasMetadata other) {
    return one.getMetadata().getUid().equals(other.getMetadata().getUid())
        && one.getMetadata().getGeneration().equals(other.getMetadata().getGeneration());
  }

  private static String key(HasMetadata object) {
    String namespace = object.getMetadata().getNamespace();
    String name = object.getMetadata().getName();
    return namespace == null ? name : namespace + "/" + name;
  }
}
