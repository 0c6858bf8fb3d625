package io.taskstorage.agent.command;

/** What an {@link AgentBed} applies. */
final class BedManifests {
  private BedManifests() {}

  /** The map, open to all namespaces for {@code qos}. */
  static String map(String name) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: TaskStorageMap
    metadata: {name: %s}
    spec:
      bpfName: %s
      value:
        typeName: ctx
        fields: [{name: tenant, type: U64}, {name: qos, type: U8}]
      allowedPolicies: {namespaces: {from: All}, fields: [qos]}
    """
        .formatted(name, name.replace('-', '_'));
  }

  /** Gives every pod of the namespace a tenant, by the namespace's label. */
  static String tenantPolicy(String map, String namespace) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: ClusterTaskStoragePolicy
    metadata: {name: tenant-%s}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: %s}]
      tier: Admin
      priority: 100
      subject:
        pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}}
      values:
      - {field: tenant, valueFrom: {cel: {expression: "uint(ns.labels['tenant'])"}}}
    """
        .formatted(namespace, map, namespace);
  }

  /** Gives a container of the pods with {@code app: web} a class. */
  static String qosPolicy(String map, String namespace, int qos) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: TaskStoragePolicy
    metadata: {name: qos, namespace: %s}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: %s}]
      subject: {pods: {podSelector: {matchLabels: {app: web}}, containerNames: [server]}}
      values: [{field: qos, value: "%d"}]
    """
        .formatted(namespace, map, qos);
  }
}
