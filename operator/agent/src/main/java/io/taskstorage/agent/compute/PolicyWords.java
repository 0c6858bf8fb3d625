package io.taskstorage.agent.compute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.Succession;
import io.taskstorage.taskstore.MapName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A word for each policy: the same as long as the policy is. In a cluster it stands for the
 * object's UID and generation, from a folder for its name and all of its spec.
 */
final class PolicyWords {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final List<AcceptedPolicy> policies;
  private final Map<PolicyKey, String> words = new HashMap<>();

  /**
   * Words for these policies.
   *
   * @param objects the versions of objects that count
   * @param isInCluster whether an API server counts generations
   */
  PolicyWords(
      List<AcceptedPolicy> policies, Map<ObjectKey, HasMetadata> objects, boolean isInCluster) {
    this.policies = List.copyOf(policies);
    for (AcceptedPolicy policy : policies) {
      ObjectKey key = Succession.key(policy.key());
      HasMetadata object = objects.get(key);
      if (object != null) {
        words.put(policy.key(), digest(key + "\n" + version(object, isInCluster)));
      }
    }
  }

  /**
   * The words of each map's policies.
   *
   * @param before words that stay beside them
   */
  SortedMap<MapName, Set<String>> of(Set<MapName> maps, Map<MapName, Set<String>> before) {
    SortedMap<MapName, Set<String>> byMap = new TreeMap<>();
    for (MapName map : maps) {
      Set<String> all = new HashSet<>(before.getOrDefault(map, Set.of()));
      policies.stream()
          .filter(policy -> policy.map().equals(map.value()))
          .flatMap(policy -> word(policy).stream())
          .forEach(all::add);
      byMap.put(map, Set.copyOf(all));
    }
    return byMap;
  }

  /** The policies whose word is among those of their map. */
  Set<PolicyKey> among(Map<MapName, Set<String>> before) {
    return policies.stream()
        .filter(
            policy ->
                word(policy)
                    .filter(before.getOrDefault(new MapName(policy.map()), Set.of())::contains)
                    .isPresent())
        .map(AcceptedPolicy::key)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Optional<String> word(AcceptedPolicy policy) {
    return Optional.ofNullable(words.get(policy.key()));
  }

  private static String version(HasMetadata object, boolean isInCluster) {
    if (isInCluster) {
      return object.getMetadata().getUid() + " " + object.getMetadata().getGeneration();
    }
    return switch (object) {
      case ClusterTaskStoragePolicy policy -> json(policy.getSpec());
      case TaskStoragePolicy policy -> json(policy.getSpec());
      default -> throw new IllegalStateException("describe " + object.getKind() + ": no policy");
    };
  }

  /** All of a spec; its own text leaves values out. */
  private static String json(@Nullable Object spec) {
    try {
      return MAPPER.writeValueAsString(spec);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("describe a policy: its types are no JSON", e);
    }
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
