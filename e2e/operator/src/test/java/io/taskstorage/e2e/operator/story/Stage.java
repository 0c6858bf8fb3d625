package io.taskstorage.e2e.operator.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.GoldenCase;
import io.taskstorage.testkit.GoldenCases;
import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.Host;
import io.taskstorage.testkit.cluster.OperatorCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One story: what it does, and what it then expects. Closing it takes away everything of our kinds
 * and the story's pods and namespaces. Used by one thread.
 */
final class Stage implements AutoCloseable {
  private static final Duration GENEROUS = Duration.ofMinutes(3);
  private static final Duration SETTLED = Duration.ofSeconds(8);
  private static final String CONTAINER = "0123456789abcdef";
  private static final String OUR_KINDS = "tsmap,ctspolicy,tspolicy,tsnode";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OperatorCluster cluster;
  private final Tasks tasks;
  private final @Nullable GoldenCase golden;
  private final List<StagedPod> pods = new ArrayList<>();
  private final List<String> namespaces = new ArrayList<>();

  private Stage(OperatorCluster cluster, Tasks tasks, @Nullable GoldenCase golden) {
    this.cluster = cluster;
    this.tasks = tasks;
    this.golden = golden;
  }

  /** What happens in a story. */
  @FunctionalInterface
  interface Story {
    void tell(Stage stage) throws Exception;
  }

  /** Plays a story, whose expected statuses are in the folder of its name. */
  static void play(Object test, String name, OperatorCluster cluster, Tasks tasks, Story story)
      throws Exception {
    GoldenCases.of(test.getClass())
        .run(
            name,
            golden -> {
              try (Stage stage = new Stage(cluster, tasks, golden)) {
                story.tell(stage);
              }
            });
  }

  /** Plays a story that is another one each time, and knows itself what statuses ought to say. */
  static void play(OperatorCluster cluster, Tasks tasks, Story story) throws Exception {
    try (Stage stage = new Stage(cluster, tasks, null)) {
      story.tell(stage);
    }
  }

  /** Runs kubectl, which must succeed. */
  String kubectl(String line) {
    return cluster.server().kubectl(line.split(" ", -1)).stdoutIfDone();
  }

  /** Applies manifests. */
  void apply(String manifests) {
    cluster.server().kubectlWithInput(manifests, "apply", "-f", "-").stdoutIfDone();
  }

  /** A namespace of the story's own, with labels such as {@code a=b,c=d}, in which pods can be. */
  void namespace(String name, String labels) {
    kubectl("create namespace " + name);
    namespaces.add(name);
    if (!labels.isEmpty()) {
      kubectl("label namespace " + name + " " + labels.replace(',', ' '));
    }
    kubectl("wait --for=create serviceaccount/default --timeout=180s -n " + name);
  }

  /**
   * A pod of one container on a host: its object, its cgroups, and a task in them. It is bound to
   * the host last, so that the agent meets all of it at once and counts the same in each run.
   */
  StagedPod pod(Host host, String namespace, String name, String labels) {
    Cgroup cgroup = object(host, namespace, name, labels);
    StagedPod pod = started(host, namespace, name, cgroup);
    bind(host, namespace, name);
    return pod;
  }

  /**
   * The same, as a kubelet does it: the task starts when the pod's cgroup has its row.
   *
   * @param hasRow tells when
   */
  StagedPod pod(Host host, String namespace, String name, String labels, Callable<Boolean> hasRow) {
    Cgroup cgroup = object(host, namespace, name, labels);
    bind(host, namespace, name);
    await("row of " + name, hasRow);
    return started(host, namespace, name, cgroup);
  }

  /** A pod's object, bound to no host yet, and its cgroups. */
  private Cgroup object(Host host, String namespace, String name, String labels) {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: %s, name: %s, labels: {%s}}
        spec:
          schedulerName: the-story
          containers: [{name: server, image: none}]
        """
            .formatted(namespace, name, labels.replace("=", ": ")));
    String uid =
        kubectl("get pod -n %s %s -o jsonpath={.metadata.uid}".formatted(namespace, name)).strip();
    Cgroup cgroup = host.createPodCgroup(uid);
    cgroup.create(CONTAINER);
    return cgroup;
  }

  private StagedPod started(Host host, String namespace, String name, Cgroup cgroup) {
    Path container = cgroup.path().resolve(CONTAINER);
    StagedPod pod = new StagedPod(host, namespace, name, cgroup, tasks.processIn(container));
    pods.add(pod);
    return pod;
  }

  private void bind(Host host, String namespace, String name) {
    String binding =
        """
        {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "%s"},
         "target": {"apiVersion": "v1", "kind": "Node", "name": "%s"}}
        """
            .formatted(name, host.node());
    String path = "/api/v1/namespaces/%s/pods/%s/binding".formatted(namespace, name);
    cluster.server().kubectlWithInput(binding, "create", "--raw", path, "-f", "-").stdoutIfDone();
  }

  /**
   * Waits until policies are in force on a host: what starts after that and before its row is late.
   */
  void awaitPolicies(Host host) {
    String query =
        "get tsnode --ignore-not-found %s -o jsonpath={.status.maps[*].policies[*]}"
            .formatted(host.node());
    await("policies on " + host.node(), () -> !kubectl(query).isBlank());
  }

  /** One more task in the container of a pod. */
  StagedPod another(StagedPod pod) {
    return new StagedPod(
        pod.host(),
        pod.namespace(),
        pod.name(),
        pod.cgroup(),
        tasks.processIn(pod.cgroup().path().resolve(CONTAINER)));
  }

  /** Ends what runs in a pod, and takes it away. */
  void removePod(StagedPod pod) {
    pod.task().exit();
    // A zombie keeps what it carried, and is counted.
    pod.task().reap();
    pod.cgroup().removeTree();
    kubectl(
        "delete pod --ignore-not-found --grace-period=0 --force -n %s %s"
            .formatted(pod.namespace(), pod.name()));
    pods.remove(pod);
  }

  /**
   * Waits until the objects are as the step's file tells.
   *
   * @param references such as {@code TaskStorageMap/x}; a namespaced one's name alone
   */
  void expectStatus(String step, String... references) {
    String file = step + ".yaml";
    List<String> wanted = List.of(references);
    GoldenCase texts = Objects.requireNonNull(golden, "a story with expected statuses");
    try {
      if (texts.isBeingRewritten()) {
        awaitSettled(wanted);
      } else {
        await("status of step " + step, () -> texts.isExpected(file, statuses(wanted)));
      }
    } catch (ConditionTimeoutException e) {
      // The comparison below tells the difference.
    }
    texts.expect(file, statuses(wanted));
  }

  private void awaitSettled(List<String> wanted) {
    Awaitility.await("a status that stays as it is")
        .atMost(GENEROUS)
        .during(SETTLED)
        .pollInterval(Duration.ofMillis(500))
        .pollInSameThread()
        .until(new Unchanged(() -> statuses(wanted)));
  }

  /** What a pod's task carries now. */
  String carried(StagedPod pod, String bpfName) {
    return CarriedValues.of(pod.host().pins().resolve(bpfName), pod.task());
  }

  /** A pod's task carries this now; where a status has said so, nothing is waited for. */
  void expectCarried(StagedPod pod, String bpfName, String value) {
    assertThat(carried(pod, bpfName)).as(pod.toString()).isEqualTo(value);
  }

  /** A pod's task comes to carry this: where no object of ours changed, no status tells when. */
  void awaitCarried(StagedPod pod, String bpfName, String value) {
    try {
      await("value of " + pod, () -> carried(pod, bpfName).equals(value));
    } catch (ConditionTimeoutException e) {
      // The comparison below tells the difference.
    }
    expectCarried(pod, bpfName, value);
  }

  /** Waits for something. */
  void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(GENEROUS)
        .pollInterval(Duration.ofMillis(250))
        .pollInSameThread()
        .until(condition);
  }

  private String statuses(List<String> references) {
    Map<String, ObjectNode> found = new HashMap<>();
    Map<String, String> names = new HashMap<>();
    for (JsonNode item : items()) {
      String reference = item.path("kind").asText() + "/" + item.at("/metadata/name").asText();
      found.put(reference, (ObjectNode) item);
      names.put(item.at("/metadata/uid").asText(), item.at("/metadata/name").asText());
    }
    if (!found.keySet().containsAll(references)) {
      return "not all there: " + found.keySet() + "\n";
    }
    return StatusText.of(references.stream().map(found::get).toList(), names);
  }

  private JsonNode items() {
    try {
      return JSON.readTree(kubectl("get " + OUR_KINDS + " -A -o json")).path("items");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kubectl("delete tspolicy --all -A");
    kubectl("delete tsmap,ctspolicy --all");
    List.copyOf(pods).forEach(this::removePod);
    namespaces.forEach(name -> kubectl("delete namespace --wait=false " + name));
    for (Host host : cluster.hosts()) {
      await("removal of all maps of " + host.node(), () -> isEmpty(host.pins()));
    }
  }

  static boolean isEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return true;
    }
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}
