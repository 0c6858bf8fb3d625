package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.agent.cluster.ApiAccess;
import io.taskstorage.layout.Decoder;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.Entry;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.FaultyProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A node of a real API server, played by cgroups of the test: pods are objects that nobody runs,
 * and processes of the test in cgroups that are named as a kubelet would. The agent reaches the
 * server through a proxy that can be told to fail.
 */
final class AgentBed implements AutoCloseable {
  static final Duration LIMIT = Duration.ofMinutes(2);

  private final ApiServer api;
  private final FaultyProxy proxy;
  private final Path folder;
  private final Path bpffs;
  private final CgroupSandbox cgroups;
  private final Tasks tasks = Tasks.start();
  private final String node;
  private final String namespace;

  AgentBed(ApiServer api, Path folder, Path bpffs, CgroupSandbox cgroups) {
    this.api = api;
    this.folder = folder;
    this.bpffs = bpffs;
    this.cgroups = cgroups;
    this.namespace = api.createNamespace("shop");
    this.node = "node-of-" + namespace;
    installDefinitions();
    ApiAccess access = ApiAccess.find(Optional.of(api.kubeconfig()), Map.of());
    this.proxy = FaultyProxy.start(access.server(), access.tls());
    apply(
        "{apiVersion: v1, kind: Node, metadata: {name: %s, labels: {zone: a}}}".formatted(node),
        """
        apiVersion: taskstorage.io/v1alpha1
        kind: TaskStorageNodeState
        metadata: {name: %s}
        """
            .formatted(node));
    try {
      Files.writeString(
          folder.resolve("kubeconfig"),
          """
          current-context: c
          clusters: [{name: c, cluster: {server: "%s"}}]
          users: [{name: u, user: {tokenFile: token}}]
          contexts: [{name: c, context: {cluster: c, user: u}}]
          """
              .formatted(proxy.address()));
      showToken(access.token().current().orElse(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of our definitions. */
  String crds() {
    return Path.of(System.getProperty("root.dir", "../..")).resolve("crds").toString();
  }

  /** Returns when the kinds can be used: they are served a little after they are there. */
  void installDefinitions() {
    api.apply(Path.of(crds()));
    await()
        .atMost(LIMIT)
        .until(
            () ->
                Stream.of("tsmap", "ctspolicy", "tspolicy", "tsnode")
                    .allMatch(kind -> api.kubectl("get", kind, "-A").exitCode() == 0));
  }

  /** From now on the agent shows this token, as when a kubelet replaces its file. */
  void showToken(String token) {
    try {
      Path next = Files.writeString(folder.resolve("token.next"), token);
      Files.move(next, folder.resolve("token"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FaultyProxy proxy() {
    return proxy;
  }

  String namespace() {
    return namespace;
  }

  String node() {
    return node;
  }

  /** Until the text of the agent's checkpoint is like this. */
  void awaitRemembered(Predicate<String> expected) {
    Path file = stateDir().resolve("api-state");
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(NoSuchFileException.class)
        .until(() -> expected.test(Files.readString(file)));
  }

  Path stateDir() {
    return folder.resolve("state");
  }

  /** The map's name; no other test has it. */
  String map() {
    return "ctx-" + namespace;
  }

  void apply(String... documents) {
    api.kubectlWithInput(String.join("\n---\n", documents), "apply", "-f", "-").stdoutIfDone();
  }

  /** What kubectl said. */
  String kubectl(String... arguments) {
    return api.kubectl(arguments).stdoutIfDone().strip();
  }

  /** What the namespace's label says from now on. */
  void tenant(long tenant) {
    kubectl("label", "--overwrite", "namespace", namespace, "tenant=" + tenant);
  }

  /** Makes the map and the policy that gives the namespace's pods a tenant, and says which. */
  void applyTenant(long tenant) {
    tenant(tenant);
    apply(mapManifest(), tenantPolicy());
  }

  /** The map, open to all namespaces for {@code qos}. */
  String mapManifest() {
    return BedManifests.map(map());
  }

  /** Gives every pod of the namespace a tenant, by the namespace's label. */
  String tenantPolicy() {
    return BedManifests.tenantPolicy(map(), namespace);
  }

  /** Gives a container of the pods with {@code app: web} a class. */
  String qosPolicy(int qos) {
    return BedManifests.qosPolicy(map(), namespace, qos);
  }

  /** Makes a pod of this node with one container; returns the cgroup that a kubelet would make. */
  Cgroup pod(String name) {
    api.kubectlWithInput(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, namespace: %s, labels: {app: web}}
            spec:
              nodeName: %s
              automountServiceAccountToken: false
              tolerations: [{operator: Exists}]
              containers: [{name: server, image: example.com/server}]
            """
                .formatted(name, namespace, node),
            "create",
            "-f",
            "-")
        .stdoutIfDone();
    return cgroups.create(
        "kubepods.slice",
        "kubepods-besteffort.slice",
        "kubepods-besteffort-pod" + uid(name).replace('-', '_') + ".slice");
  }

  String uid(String pod) {
    return kubectl("-n", namespace, "get", "pod", pod, "-o", "jsonpath={.metadata.uid}");
  }

  /** What the kubelet would report: the container runs under this id. */
  void running(String pod, String id) {
    kubectl(
        "-n",
        namespace,
        "patch",
        "pod",
        pod,
        "--subresource=status",
        "--type=merge",
        "-p",
        """
        {"status":{"phase":"Running","containerStatuses":[{"name":"server","image":"i",
        "imageID":"i","ready":true,"restartCount":0,"containerID":"containerd://%s"}]}}
        """
            .formatted(id));
  }

  Task processIn(Cgroup cgroup) {
    return tasks.processIn(cgroup.path());
  }

  Child start(String... more) {
    return start(jvm(more));
  }

  Child start(ChildJvm jvm) {
    return jvm.command().withoutEnvironment("TASKSTORAGE_DEBUG").start();
  }

  /** An agent's JVM, which can have options of its own. */
  ChildJvm jvm(String... more) {
    return ChildJvm.of("io.taskstorage.agent.command.TaskStorageCommand")
        .options("-Xmx96m")
        .arguments(
            "agent",
            "--node-name=" + node,
            "--kubeconfig=" + folder.resolve("kubeconfig"),
            "--bpffs=" + bpffs,
            "--cgroup-root=" + cgroups.top().path(),
            "--state-dir=" + stateDir(),
            "--listen=127.0.0.1:0",
            "--debug-listen=127.0.0.1:0",
            "--interval=500ms",
            "--report-delay=100ms")
        .arguments(more);
  }

  /** Every path of the node in bpffs. */
  PinTree pins() {
    return new PinTree(bpffs);
  }

  /** The map, as it is recorded. */
  RecordedMap recorded() {
    return Records.find(pins(), new MapName(map())).orElseThrow();
  }

  /** Every entry as {@code tenant qos}, by tid. */
  Map<Integer, String> values() {
    Map<Integer, String> values = new TreeMap<>();
    Records.find(pins(), new MapName(map()))
        .ifPresent(
            map -> {
              for (Entry entry : Records.entries(map, CgroupTree.open(cgroups.top().path()))) {
                Map<String, String> fields = Decoder.display(map.layout(), entry.value().toBytes());
                values.put(entry.tid(), fields.get("tenant") + " " + fields.get("qos"));
              }
            });
    return values;
  }

  void awaitValues(Map<Integer, String> expected) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(values()).isEqualTo(expected));
  }

  /** A part of the node's state, once it is as expected. */
  void awaitNodeState(String jsonpath, String expected) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(nodeState(jsonpath)).isEqualTo(expected));
  }

  String nodeState(String jsonpath) {
    return api.kubectl("get", "tsnode", node, "-o", "jsonpath=" + jsonpath).stdoutIfDone().strip();
  }

  @Override
  public void close() {
    proxy.close();
    tasks.close();
    api.kubectl("delete", "tsmap", map(), "--ignore-not-found");
    api.kubectl("delete", "ctspolicy", "tenant-" + namespace, "--ignore-not-found");
    api.kubectl("delete", "namespace", namespace, "--wait=false");
    api.kubectl("delete", "node,tsnode", node, "--ignore-not-found");
  }
}
