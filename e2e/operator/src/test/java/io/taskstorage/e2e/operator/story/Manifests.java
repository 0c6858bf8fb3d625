package io.taskstorage.e2e.operator.story;

/** The manifests of the stories: one struct, and policies that differ in what matters. */
final class Manifests {
  private Manifests() {}

  /** A map of the stories' struct; {@code more} are further lines of its spec. */
  static String map(String name, String bpfName, String... more) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: taskstorage.io/v1alpha1
            kind: TaskStorageMap
            metadata: {name: %s}
            spec:
              bpfName: %s
              value:
                typeName: carried
                fields:
                  - {name: tenant_id, type: U64}
                  - {name: qos, type: U8}
                  - {name: app, type: Char, length: 16}
            """
                .formatted(name, bpfName));
    for (String line : more) {
      text.append("  ").append(line).append('\n');
    }
    return text.append("---\n").toString();
  }

  /** Lets namespaces with the label {@code tenant} set {@code qos}. */
  static final String TENANTS_SET_QOS =
      "allowedPolicies: {namespaces: {from: Selector, selector:"
          + " {matchExpressions: [{key: tenant, operator: Exists}]}}, fields: [qos]}";

  /** A policy of the cluster on the pods of some namespaces: {@code qos} for all of them. */
  static String clusterPolicy(
      String name, String map, String tier, String namespaces, String pods, String... values) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: ClusterTaskStoragePolicy
    metadata: {name: %s}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: %s}]
      tier: %s
      priority: 100
      subject: {pods: {namespaceSelector: {matchLabels: {%s}}, podSelector: {matchLabels: {%s}}}}
      values: [%s]
    ---
    """
        .formatted(name, map, tier, namespaces, pods, String.join(", ", values));
  }

  /** A policy of a namespace on all its pods. */
  static String policy(String namespace, String name, String map, String... values) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: TaskStoragePolicy
    metadata: {namespace: %s, name: %s}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: %s}]
      subject: {pods: {podSelector: {}}}
      values: [%s]
    ---
    """
        .formatted(namespace, name, map, String.join(", ", values));
  }

  /** A literal. */
  static String value(String field, String literal) {
    return "{field: %s, value: \"%s\"}".formatted(field, literal);
  }

  /** A field of the pod. */
  static String fieldRef(String field, String path) {
    return "{field: %s, valueFrom: {fieldRef: {fieldPath: \"%s\"}}}".formatted(field, path);
  }

  /** An expression. */
  static String cel(String field, String expression) {
    return "{field: %s, valueFrom: {cel: {expression: \"%s\"}}}".formatted(field, expression);
  }
}
