package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.agent.cluster.ApiAccess;
import io.taskstorage.simulator.ClusterObjects;
import io.taskstorage.simulator.SimulatedNode;
import io.taskstorage.simulator.Simulator;
import io.taskstorage.testkit.cluster.ApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real API server with simulated nodes, for controllers to be tried on. What a test makes through
 * it is gone after {@link #close}.
 */
final class Cluster implements AutoCloseable {
  static final String NAMESPACE = "taskstorage-system";
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String GROUP = "/apis/taskstorage.io/v1alpha1/";
  private static final YAMLMapper YAML = new YAMLMapper();

  private final ApiServer server;
  private final ApiAccess access;
  private final MovedClock clock = new MovedClock();
  private final Simulator simulator;

  private Cluster(ApiServer server) {
    this.server = server;
    this.access = ApiAccess.find(Optional.of(server.kubeconfig()), Map.of());
    this.simulator =
        Simulator.start(access, new Simulator.Options(NAMESPACE, Duration.ofMillis(200), clock));
  }

  /** With the definitions, the operator's namespace, and so many nodes named {@code node-01} … */
  static Cluster start(ApiServer server, int nodes) {
    install(server);
    Cluster cluster = new Cluster(server);
    cluster.simulator.forEach(
        IntStream.rangeClosed(1, nodes).boxed().toList(),
        i -> cluster.simulator.addNode(name(i), Map.of("pool", pool(i))));
    return cluster;
  }

  /** The definitions and the namespace, if they are not there yet. */
  static void install(ApiServer server) {
    server
        .kubectl(
            "apply",
            "--server-side",
            "--force-conflicts",
            "-k",
            Path.of(System.getProperty("root.dir"), "crds").toString())
        .stdoutIfDone();
    namespace(server, NAMESPACE);
    server
        .kubectl(
            "wait",
            "--for=condition=Established",
            "--timeout=2m",
            "crd/taskstoragemaps.taskstorage.io",
            "crd/clustertaskstoragepolicies.taskstorage.io",
            "crd/taskstoragepolicies.taskstorage.io",
            "crd/taskstoragenodestates.taskstorage.io")
        .stdoutIfDone();
  }

  /** What a path of an object says at the server; nothing if there is no such object. */
  static String value(ApiServer server, String object, String path, String... more) {
    String[] words =
        Stream.concat(
                Stream.of("get", object, "--ignore-not-found", "--output=jsonpath=" + path),
                Stream.of(more))
            .toArray(String[]::new);
    return server.kubectl(words).stdoutIfDone().strip();
  }

  static void awaitValue(ApiServer server, String object, String path, String expected) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(value(server, object, path)).isEqualTo(expected));
  }

  /** Every third node is none of the tenants' ones, which all maps of these tests select. */
  static String pool(int node) {
    return node % 3 == 0 ? "system" : "tenants";
  }

  private static void namespace(ApiServer server, String name) {
    server
        .kubectlWithInput(
            "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(name),
            "apply",
            "--filename",
            "-")
        .stdoutIfDone();
  }

  static String name(int node) {
    return "node-%02d".formatted(node);
  }

  ApiServer server() {
    return server;
  }

  ApiAccess access() {
    return access;
  }

  /** By which agents and controllers measure time. */
  MovedClock clock() {
    return clock;
  }

  Simulator simulator() {
    return simulator;
  }

  SimulatedNode node(int number) {
    return simulator.node(name(number));
  }

  ClusterObjects objects() {
    return simulator.objects();
  }

  /** The version that the store has now. */
  long version() {
    return objects()
        .get("/api/v1/namespaces?limit=1")
        .orElseThrow()
        .at("/metadata/resourceVersion")
        .asLong();
  }

  /**
   * So much time passes for agents and controllers, and a label of the operator's namespace
   * changes, after which everybody looks.
   */
  void pass(Duration time) {
    clock.moveTo(Duration.between(Instant.now(), clock.instant()).plus(time));
    objects()
        .merge(
            "/api/v1/namespaces/" + NAMESPACE,
            YAML.createObjectNode()
                .set(
                    "metadata",
                    YAML.createObjectNode()
                        .set(
                            "labels",
                            YAML.createObjectNode()
                                .put("looked", Long.toString(clock.instant().toEpochMilli())))));
  }

  /** A namespace for tenants, which all maps of these tests let in. */
  void createNamespace(String name) {
    namespace(server, name);
  }

  /** Makes or changes an object of ours. */
  void apply(String yaml) {
    try {
      ObjectNode object = (ObjectNode) YAML.readTree(yaml);
      String path = path(object);
      if (objects().get(path).isPresent()) {
        objects().merge(path, object);
      } else {
        objects().create(path.substring(0, path.lastIndexOf('/')), object);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String path(ObjectNode object) {
    String kind = object.path("kind").asText().toLowerCase(Locale.ROOT);
    String plural = kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
    String namespace = object.path("metadata").path("namespace").asText("");
    return GROUP
        + (namespace.isEmpty() ? "" : "namespaces/" + namespace + "/")
        + plural
        + "/"
        + object.path("metadata").path("name").asText();
  }

  void deleteMap(String name) {
    objects().delete(GROUP + "taskstoragemaps/" + name);
  }

  void deleteClusterPolicy(String name) {
    objects().delete(GROUP + "clustertaskstoragepolicies/" + name);
  }

  void deletePolicy(String namespace, String name) {
    objects().delete(GROUP + "namespaces/" + namespace + "/taskstoragepolicies/" + name);
  }

  /** A map with a field for the cluster's owner, and one that every namespace may set. */
  static String map(String name, String maxFailedNodes) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: TaskStorageMap
    metadata: {name: %1$s}
    spec:
      bpfName: %2$s
      value: {typeName: v, fields: [{name: tenant_id, type: U64}, {name: qos, type: U8}]}
      nodeSelector: {matchLabels: {pool: tenants}}
      maxFailedNodes: %3$s
      allowedPolicies: {namespaces: {from: All}, fields: [qos]}
    """
        .formatted(name, name.replace('-', '_'), maxFailedNodes);
  }

  static String clusterPolicy(String name, String map, String tier, String field, int value) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: ClusterTaskStoragePolicy
    metadata: {name: %s}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: %s}]
      tier: %s
      priority: 100
      subject: {pods: {namespaceSelector: {}}}
      values: [{field: %s, value: "%d"}]
    """
        .formatted(name, map, tier, field, value);
  }

  static String policy(String namespace, String name, String map, int value) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: TaskStoragePolicy
    metadata: {name: %s, namespace: %s}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: %s}]
      subject: {pods: {podSelector: {}}}
      values: [{field: qos, value: "%d"}]
    """
        .formatted(name, namespace, map, value);
  }

  @Override
  public void close() {
    for (String all :
        new String[] {
          "taskstoragemaps", "clustertaskstoragepolicies", "taskstoragepolicies --all-namespaces"
        }) {
      String[] words = ("delete " + all + " --all --wait=false --ignore-not-found").split(" ");
      server.kubectl(words);
    }
    simulator.close();
    server.kubectl("delete", "taskstoragenodestates", "--all", "--wait=false");
  }
}
