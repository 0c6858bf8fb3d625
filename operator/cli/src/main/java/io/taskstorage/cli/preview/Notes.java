package io.taskstorage.cli.preview;

import io.taskstorage.cli.input.ClusterFacts;
import io.taskstorage.console.Names;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.Succession;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a preview assumes, and what came of no policy. */
final class Notes {
  private static final int MAX_NAMES = 3;

  private final ClusterFacts cluster;
  private final List<AcceptedPolicy> podPolicies;
  private final HostSubjects hosts;

  Notes(ClusterFacts cluster, List<AcceptedPolicy> podPolicies, HostSubjects hosts) {
    this.cluster = cluster;
    this.podPolicies = podPolicies;
    this.hosts = hosts;
  }

  List<String> all(Reaches reaches, boolean isPart) {
    List<String> notes = new ArrayList<>();
    namespaces().ifPresent(notes::add);
    nodes().ifPresent(notes::add);
    unbound().ifPresent(notes::add);
    withoutUid().ifPresent(notes::add);
    if (!hosts.isEmpty() && hosts.nodes(Optional.empty()).equals(List.of(HostSubjects.SOME_NODE))) {
      notes.add("no node is described: taken is one that every nodeSelector selects");
    }
    if (hosts.hasUnits()) {
      notes.add("units are taken to be in the slices where systemd puts them by default");
    }
    if (hosts.hasComputedTemplates()) {
      notes.add(
          "where a value is computed, an instance named %s stands for those of a template"
              .formatted(UnitPlace.ANY_INSTANCE));
    }
    if (!isPart) {
      reaches.all().stream()
          .filter(reach -> reach.carriers() == 0)
          .forEach(reach -> notes.add(name(reach.policy().key()) + " selects nothing here"));
    }
    return notes;
  }

  private Optional<String> namespaces() {
    Set<String> named =
        podPolicies.stream()
            .map(policy -> policy.key().namespace())
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    return told("namespace", "namespaces", cluster.unknownNamespaces(named))
        .map(text -> text + ": taken to have no label but kubernetes.io/metadata.name");
  }

  private Optional<String> nodes() {
    return told("node", "nodes", cluster.unknownNodes())
        .map(text -> text + ": taken to run Linux and to have no other label but its host name");
  }

  private Optional<String> unbound() {
    long pods = cluster.pods().values().stream().filter(pod -> pod.nodeName().isEmpty()).count();
    return pods == 0 || podPolicies.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%d %s no spec.nodeName: taken to be on a node that every map selects"
                .formatted(pods, pods == 1 ? "pod has" : "pods have"));
  }

  private Optional<String> withoutUid() {
    long pods = cluster.pods().values().stream().filter(pod -> pod.uid().isEmpty()).count();
    return pods == 0 || podPolicies.stream().noneMatch(AcceptedPolicy::isComputed)
        ? Optional.empty()
        : Optional.of(
            "%d %s no metadata.uid, which a cluster gives: what is computed from it will differ"
                .formatted(pods, pods == 1 ? "pod has" : "pods have"));
  }

  private static Optional<String> told(String one, String several, Set<String> names) {
    return switch (names.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of("%s %s is not described".formatted(one, names.iterator().next()));
      default -> Optional.of("%s %s are not described".formatted(several, shortened(names)));
    };
  }

  /** The first few names, and how many more there are. */
  static String shortened(Collection<String> names) {
    return Names.shortened(names, MAX_NAMES);
  }

  private static String name(PolicyKey key) {
    return Succession.key(key).toString();
  }
}
