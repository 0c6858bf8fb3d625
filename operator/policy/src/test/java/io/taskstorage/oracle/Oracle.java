package io.taskstorage.oracle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.v1alpha1.AllowedPolicies;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.HostProcesses;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.LabelSelectorRequirement;
import io.taskstorage.api.v1alpha1.PolicyValue;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.oracle.World.PlainPod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a subject carry, by the reference alone.
 *
 * <p>Which parts a world's objects have is known here, and the others are never asked for.
 */
@NullUnmarked
public final class Oracle {

  /** The properties that the worlds name. */
  public static final Set<String> FIELD_PATHS =
      Set.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "metadata.labels['n']",
          "metadata.labels['app']",
          "metadata.annotations['tier']");

  /** By field: the expressions that the worlds have, and what they mean; null is no value. */
  private static final Map<String, Map<String, BiFunction<PlainPod, String, @Nullable String>>>
      EXPRESSIONS =
          Map.of(
              "small",
                  Map.of(
                      "size(pod.name)", (pod, _) -> "" + pod.name().length(),
                      "int(pod.labels['n'])", (pod, _) -> FieldBytes.number(pod.labels().get("n"))),
              "wide",
                  Map.of(
                      "uint(pod.labels[?'n'].orValue('7'))",
                          (pod, _) -> FieldBytes.number(pod.labels().getOrDefault("n", "7")),
                      "size(container.name) * 1000",
                          (_, container) -> "" + container.length() * 1000),
              "text",
                  Map.of(
                      "pod.namespace", (pod, _) -> pod.namespace(),
                      "pod.annotations['app'] + container.name",
                          (pod, container) ->
                              pod.annotations().containsKey("app")
                                  ? pod.annotations().get("app") + container
                                  : null),
              "flag",
                  Map.of(
                      "'app' in pod.labels", (pod, _) -> "" + pod.labels().containsKey("app"),
                      "container.name == 'server'",
                          (_, container) -> "" + container.equals("server")));

  private final World world;

  /** The expressions that worlds may have for a field. */
  public static List<String> expressions(String field) {
    return EXPRESSIONS.get(field).keySet().stream().sorted().toList();
  }

  /** Speaks about this world. */
  public Oracle(World world) {
    this.world = world;
  }

  /** A field's bytes in hexadecimal, little endian, and the winner; the fields in their order. */
  public record Answer(String field, @Nullable String winner, String hex) {}

  private record Rule(String id, String key, int tier, int priority, String map, Object policy) {}

  /** For each map with an entry, all fields; the container is null for the pod's own cgroup. */
  public Map<String, List<Answer>> inPod(PlainPod pod, @Nullable String container) {
    List<Rule> rules = new ArrayList<>();
    for (Rule rule : rules()) {
      if (selectsPod(rule, pod, container)) {
        rules.add(rule);
      }
    }
    return answers(rules, pod, container == null ? "" : container);
  }

  /** The same for a cgroup of the host that one of the worlds' paths or units names. */
  public Map<String, List<Answer>> onHost(String path) {
    List<Rule> rules = new ArrayList<>();
    for (Rule rule : rules()) {
      HostProcesses host =
          rule.policy() instanceof ClusterTaskStoragePolicy cluster
              ? cluster.getSpec().subject().hostProcesses()
              : null;
      if (host != null
          && (host.nodeSelector() == null || takes(host.nodeSelector(), World.NODE_LABELS))
          && (host.cgroupPaths().contains(path) || path.equals("/system.slice/a.service"))) {
        rules.add(rule);
      }
    }
    return answers(rules, null, "");
  }

  private List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    for (ClusterTaskStoragePolicy policy : world.clusterPolicies()) {
      String name = name(policy);
      int tier = policy.getSpec().tier().equals("Admin") ? 0 : 2;
      String map = policy.getSpec().targetRefs().get(0).name();
      rules.add(new Rule(name, name, tier, policy.getSpec().priority(), map, policy));
    }
    for (TaskStoragePolicy policy : world.policies()) {
      String key = policy.getMetadata().getNamespace() + "/" + name(policy);
      Integer priority = policy.getSpec().priority();
      String map = policy.getSpec().targetRefs().get(0).name();
      if (isAllowed(policy, map)) {
        rules.add(new Rule(key, key, 1, priority == null ? 500 : priority, map, policy));
      }
    }
    return rules;
  }

  private boolean isAllowed(TaskStoragePolicy policy, String mapName) {
    for (TaskStorageMap map : world.maps()) {
      AllowedPolicies allowed = map.getSpec().allowedPolicies();
      if (!name(map).equals(mapName) || allowed == null) {
        continue;
      }
      String namespace = policy.getMetadata().getNamespace();
      boolean isNamespaceAllowed =
          allowed.namespaces().from().equals("All")
              || (allowed.namespaces().from().equals("Selector")
                  && takes(allowed.namespaces().selector(), namespaceLabels(namespace)));
      for (PolicyValue value : policy.getSpec().values()) {
        if (!allowed.fields().contains(value.field())) {
          return false;
        }
      }
      return isNamespaceAllowed;
    }
    return false;
  }

  private boolean selectsPod(Rule rule, PlainPod pod, @Nullable String container) {
    boolean inNamespace;
    LabelSelector podSelector;
    List<String> names;
    if (rule.policy() instanceof TaskStoragePolicy policy) {
      inNamespace = policy.getMetadata().getNamespace().equals(pod.namespace());
      podSelector = policy.getSpec().subject().pods().podSelector();
      names = policy.getSpec().subject().pods().containerNames();
    } else {
      ClusterTaskStoragePolicy policy = (ClusterTaskStoragePolicy) rule.policy();
      if (policy.getSpec().subject().pods() == null) {
        return false;
      }
      inNamespace =
          takes(
              policy.getSpec().subject().pods().namespaceSelector(),
              namespaceLabels(pod.namespace()));
      podSelector = policy.getSpec().subject().pods().podSelector();
      names = policy.getSpec().subject().pods().containerNames();
    }
    boolean isInPod = podSelector == null || takes(podSelector, pod.labels());
    boolean isNamed = names == null || (container != null && names.contains(container));
    return inNamespace && isInPod && isNamed;
  }

  private Map<String, String> namespaceLabels(String name) {
    Map<String, String> labels = new HashMap<>(world.namespaces().get(name));
    labels.put("kubernetes.io/metadata.name", name);
    return labels;
  }

  private static boolean takes(LabelSelector selector, Map<String, String> labels) {
    if (selector.matchLabels() != null
        && !labels.entrySet().containsAll(selector.matchLabels().entrySet())) {
      return false;
    }
    if (selector.matchExpressions() == null) {
      return true;
    }
    for (LabelSelectorRequirement r : selector.matchExpressions()) {
      boolean isThere = labels.containsKey(r.key());
      boolean isAmong = isThere && r.values() != null && r.values().contains(labels.get(r.key()));
      if ((r.operator().equals("In") && !isAmong)
          || (r.operator().equals("NotIn") && isAmong)
          || (r.operator().equals("Exists") && !isThere)
          || (r.operator().equals("DoesNotExist") && isThere)) {
        return false;
      }
    }
    return true;
  }

  private Map<String, List<Answer>> answers(
      List<Rule> rules, @Nullable PlainPod pod, String container) {
    Map<String, List<Answer>> answers = new TreeMap<>();
    for (Rule any : rules) {
      List<Answer> fields = new ArrayList<>();
      for (String field : List.of("small", "wide", "text", "flag")) {
        Rule winner = null;
        for (Rule rule : rules) {
          if (rule.map().equals(any.map())
              && value(rule, field) != null
              && (winner == null || goesBefore(rule, winner))) {
            winner = rule;
          }
        }
        String text = winner == null ? null : text(value(winner, field), field, pod, container);
        fields.add(
            new Answer(field, winner == null ? null : winner.id(), FieldBytes.hex(field, text)));
      }
      answers.put(any.map(), fields);
    }
    return answers;
  }

  private static boolean goesBefore(Rule one, Rule other) {
    if (one.tier() != other.tier()) {
      return one.tier() < other.tier();
    }
    if (one.priority() != other.priority()) {
      return one.priority() < other.priority();
    }
    return one.key().compareTo(other.key()) < 0;
  }

  private static @Nullable PolicyValue value(Rule rule, String field) {
    List<PolicyValue> values =
        rule.policy() instanceof TaskStoragePolicy policy
            ? policy.getSpec().values()
            : ((ClusterTaskStoragePolicy) rule.policy()).getSpec().values();
    return values.stream().filter(value -> value.field().equals(field)).findFirst().orElse(null);
  }

  private static @Nullable String text(
      PolicyValue value, String field, @Nullable PlainPod pod, String container) {
    if (value.value() != null) {
      return value.value();
    }
    if (pod == null) {
      return null;
    }
    if (value.valueFrom().cel() != null) {
      return EXPRESSIONS.get(field).get(value.valueFrom().cel().expression()).apply(pod, container);
    }
    return switch (value.valueFrom().fieldRef().fieldPath()) {
      case "metadata.name" -> pod.name();
      case "metadata.namespace" -> pod.namespace();
      case "metadata.uid" -> pod.uid();
      case "spec.nodeName" -> World.NODE_NAME;
      case "spec.serviceAccountName" -> pod.serviceAccount();
      case "metadata.labels['n']" -> pod.labels().get("n");
      case "metadata.labels['app']" -> pod.labels().get("app");
      default -> pod.annotations().get("tier");
    };
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}
