package io.taskstorage.benchmarks;

import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.ContainerKind;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.PodFacts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Maps, policies and pods of a made-up cluster: the same for the same numbers.
 *
 * <p>One policy of eight selects every pod, three one team's namespaces of ten, four one
 * application's pods of fifty. Each sets two fields of its map, which all others of that map
 * contend for.
 *
 * @param pods in twenty namespaces, each with two containers
 * @param policies shared evenly between the maps
 * @param maps each with four fields
 * @param source where values come from
 */
public record SampleCluster(int pods, int policies, int maps, Source source) {
  private static final int NAMESPACES = 20;
  private static final int TEAMS = 10;
  private static final int APPS = 50;
  private static final int NODES = 500;

  /** Where the values of the policies come from. */
  public enum Source {
    /** All are written in the policies. */
    LITERAL,
    /** One half is; a quarter comes by fieldRef, a quarter by expressions. */
    MIXED
  }

  /** The maps as a manifest. */
  String mapsYaml() {
    return IntStream.range(0, maps)
        .mapToObj(
            i ->
                """
                apiVersion: taskstorage.io/v1alpha1
                kind: TaskStorageMap
                metadata: {name: map-%1$d}
                spec:
                  bpfName: map_%1$d
                  value:
                    typeName: map_%1$d
                    fields:
                    - {name: tenant, type: U64}
                    - {name: qos, type: U8}
                    - {name: app, type: Char, length: 32}
                    - {name: service, type: Char, length: 64}
                """
                    .formatted(i))
        .collect(Collectors.joining("---\n"));
  }

  /**
   * The policies as a manifest.
   *
   * @param tenant what the first of them writes: another number is one changed policy
   */
  String policiesYaml(int tenant) {
    return IntStream.range(0, policies)
        .mapToObj(i -> policyYaml(i, tenant))
        .collect(Collectors.joining("---\n"));
  }

  private String policyYaml(int number, int tenant) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: ClusterTaskStoragePolicy
    metadata: {name: policy-%d}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: map-%d}]
      tier: %s
      priority: %d
      subject: {pods: %s}
      values: %s
    """
        .formatted(
            number,
            number % maps,
            number % 4 == 0 ? "Admin" : "Baseline",
            100 + number % 7,
            selectors(number),
            values(number, number == 0 ? tenant : number));
  }

  private static String selectors(int number) {
    return switch (number % 8) {
      case 0 -> "{namespaceSelector: {}}";
      case 1, 2, 3 ->
          "{namespaceSelector: {matchLabels: {team: team-%d}}}".formatted(number % TEAMS);
      default ->
          "{namespaceSelector: {}, podSelector: {matchLabels: {app: app-%d}}}"
              .formatted(number % APPS);
    };
  }

  private String values(int number, int tenant) {
    return switch (source == Source.LITERAL ? 0 : number % 4) {
      case 2 ->
          """
          [{field: app, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}},
               {field: service, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]""";
      case 3 ->
          """
          [{field: tenant, valueFrom: {cel: {expression: "uint(ns.labels['tenant'])"}}},
               {field: service, valueFrom: {cel: {expression: "ns.name + '/' + pod.name"}}}]""";
      default ->
          "[{field: tenant, value: \"%d\"}, {field: qos, value: \"%d\"}]"
              .formatted(tenant, number % 200);
    };
  }

  /** What is known of a pod. */
  PodFacts pod(int number) {
    NamespaceFacts namespace = namespace(number);
    Map<String, String> labels = new TreeMap<>();
    labels.put("app", "app-" + number % APPS);
    labels.put("app.kubernetes.io/name", "app-" + number % APPS);
    labels.put("app.kubernetes.io/version", "1.4." + number % 3);
    labels.put("pod-template-hash", Integer.toHexString(number % APPS * 7919));
    return new PodFacts(
        namespace.name(),
        "app-%d-%d".formatted(number % APPS, number),
        uid(number),
        labels,
        Map.of(),
        "default",
        "node-" + number % NODES,
        namespace,
        List.of(
            new ContainerFacts("server", "registry.example/server:1", ContainerKind.REGULAR),
            new ContainerFacts("proxy", "registry.example/proxy:1", ContainerKind.REGULAR)));
  }

  private static NamespaceFacts namespace(int number) {
    int namespace = number % NAMESPACES;
    return new NamespaceFacts(
        "ns-" + namespace,
        Map.of("team", "team-" + namespace % TEAMS, "tenant", Integer.toString(namespace + 1)));
  }

  private static String uid(int number) {
    return "00000000-0000-4000-8000-%012d".formatted(number);
  }

  /** The namespaces as a manifest. */
  String namespacesYaml() {
    return IntStream.range(0, NAMESPACES)
        .mapToObj(
            i ->
                """
                apiVersion: v1
                kind: Namespace
                metadata: {name: %s, labels: {team: %s, tenant: "%s"}}
                """
                    .formatted(
                        namespace(i).name(),
                        namespace(i).labels().get("team"),
                        namespace(i).labels().get("tenant")))
        .collect(Collectors.joining("---\n"));
  }
}
