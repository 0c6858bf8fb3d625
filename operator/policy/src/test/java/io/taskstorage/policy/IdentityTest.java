package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Two different objects never meet in one identity, whatever somebody calls them. */
class IdentityTest {

  /** Made of what identities are written with; together they can spell each other. */
  private static final List<String> HOSTILE =
      List.of(
          "a",
          "b",
          "a/b",
          "b/a",
          "/",
          "/a",
          "a/",
          "a/b/a",
          "",
          " ",
          "a b",
          "a\u0000b",
          "a\nb",
          "(cluster)",
          "null",
          "é",
          "e\u0301",
          "..",
          "a%2Fb",
          "[a]");

  @Test
  void keysOfPoliciesDiffer() {
    // Given
    List<PolicyKey> keys = new ArrayList<>();
    for (String namespace : HOSTILE) {
      for (String name : HOSTILE) {
        keys.add(new PolicyKey(namespace, name));
      }
    }
    // Then
    assertThat(new TreeSet<>(keys)).hasSameSizeAs(keys);
    assertThat(keys).doesNotHaveDuplicates();
    for (PolicyKey one : keys) {
      for (PolicyKey other : keys) {
        assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
        assertThat(Integer.signum(one.compareTo(other)))
            .isEqualTo(-Integer.signum(other.compareTo(one)));
      }
    }
  }

  @Test
  void everyPolicyIsJudgedApart() {
    // Given
    List<TaskStoragePolicy> policies = new ArrayList<>();
    List<ClusterTaskStoragePolicy> cluster = new ArrayList<>();
    for (String name : HOSTILE) {
      ClusterTaskStoragePolicy policy = new ClusterTaskStoragePolicy();
      policy.setMetadata(new ObjectMetaBuilder().withName(name).build());
      cluster.add(policy);
      for (String namespace : HOSTILE.stream().filter(n -> !n.isEmpty()).toList()) {
        TaskStoragePolicy namespaced = new TaskStoragePolicy();
        namespaced.setMetadata(
            new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        policies.add(namespaced);
      }
    }
    // When
    AcceptedSet set =
        Acceptance.of(new AcceptanceInput(List.of(), cluster, policies, Map.of(), Map.of()));
    // Then
    assertThat(set.policies()).hasSize(cluster.size() + policies.size());
  }

  @Test
  void everyMapIsJudgedApart() {
    // Given
    List<TaskStorageMap> maps = new ArrayList<>();
    for (String name : HOSTILE) {
      TaskStorageMap map = Corpus.mapWith("{}");
      map.getMetadata().setName(name);
      maps.add(map);
    }
    // When
    AcceptedSet set = Corpus.accept(maps, List.of(), Map.of());
    // Then
    assertThat(set.maps()).hasSize(maps.size());
    // One of them keeps the name in the kernel that all of them ask for.
    assertThat(set.acceptedMaps().keySet()).containsExactly("a");
  }

  @Test
  void podsWithOneSpellingSelectTheirOwnPolicies() {
    // Given: one namespace and name, another UID
    PodFacts one = Pods.pod("shop", "web");
    PodFacts other =
        new PodFacts(
            one.namespace(),
            one.name(),
            "another",
            one.labels(),
            one.annotations(),
            one.serviceAccountName(),
            one.nodeName(),
            one.ns(),
            one.containers());
    // Then
    assertThat(new SubjectFacts.Pod(one)).isNotEqualTo(new SubjectFacts.Pod(other));
    assertThat(Pods.container(one, "server")).isNotEqualTo(Pods.container(other, "server"));
  }

  @Test
  void namespacedPolicyWithoutItsNamespaceIsNobodys() {
    // Given
    TaskStoragePolicy policy = Corpus.namespacedWith("{metadata: {namespace: null}}");
    // Then
    assertThatThrownBy(
            () ->
                Acceptance.of(
                    new AcceptanceInput(List.of(), List.of(), List.of(policy), Map.of(), Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "judge TaskStoragePolicy checkout: no namespace: pass each object once, by its name");
  }
}
