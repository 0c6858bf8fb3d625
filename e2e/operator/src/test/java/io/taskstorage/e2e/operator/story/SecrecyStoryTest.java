package io.taskstorage.e2e.operator.story;

import static io.taskstorage.e2e.operator.story.Manifests.TENANTS_SET_QOS;
import static io.taskstorage.e2e.operator.story.Manifests.cel;
import static io.taskstorage.e2e.operator.story.Manifests.clusterPolicy;
import static io.taskstorage.e2e.operator.story.Manifests.fieldRef;
import static io.taskstorage.e2e.operator.story.Manifests.map;
import static io.taskstorage.e2e.operator.story.Manifests.policy;
import static io.taskstorage.e2e.operator.story.Manifests.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.OperatorCluster;
import io.taskstorage.testkit.cluster.OperatorTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Values get to tasks, and to nothing that tells of the operator's work. */
@OperatorTest
class SecrecyStoryTest {
  private static final String WORD = "canary7f3a91";
  private static final String NUMBER = "918273645546372819";
  private static final String NAMESPACE = "secrecy";

  @Test
  void valuesAreInTheKernelAndInNothingThatIsTold(OperatorCluster cluster, Tasks tasks)
      throws Exception {
    Stage.play(
        this,
        "canaries",
        cluster,
        tasks,
        stage -> {
          // Given: pods on both nodes, one by each policy, and one that has the word on itself
          stage.namespace(NAMESPACE, "tenant=canary,kind=canary");
          StagedPod literal = stage.pod(cluster.host(1), NAMESPACE, "literal", "app=literal");
          StagedPod computed = stage.pod(cluster.host(2), NAMESPACE, "computed", "app=computed");
          StagedPod failing = stage.pod(cluster.host(2), NAMESPACE, "failing", "app=" + WORD);

          // When
          stage.apply(map("secrecy", "secrecy", TENANTS_SET_QOS));
          stage.apply(right("literal", value("tenant_id", NUMBER), value("app", WORD)));
          stage.apply(right("computed", cel("tenant_id", NUMBER), cel("app", "'" + WORD + "'")));
          stage.apply(
              clusterPolicy(
                  "secrecy-failing",
                  "secrecy",
                  "Baseline",
                  "kind: canary",
                  "app: " + WORD,
                  cel("tenant_id", "uint(pod.labels['app'] + '" + WORD + "')"),
                  cel("qos", NUMBER),
                  fieldRef("app", "metadata.labels['app']")));
          refused(stage, "range", value("qos", NUMBER));
          refused(stage, "number", value("tenant_id", WORD));
          refused(stage, "long", value("app", WORD + WORD));
          refused(stage, "syntax", cel("app", "'" + WORD));
          refused(stage, "name", cel("app", WORD));
          refused(stage, "type", cel("tenant_id", NUMBER + " + '" + WORD + "'"));
          refused(stage, "double", cel("tenant_id", NUMBER + ".0"));
          stage.apply(policy(NAMESPACE, "wrong", "secrecy", value("qos", WORD)));

          // Then: all of it was judged, evaluated, written and told
          await(stage, "ctspolicy secrecy-literal secrecy-computed", "condition=Ready");
          await(
              stage,
              "ctspolicy secrecy-failing",
              "jsonpath={.status.failures[0].reason}=EvaluationError");
          await(
              stage,
              "ctspolicy secrecy-range secrecy-number secrecy-long secrecy-syntax secrecy-name"
                  + " secrecy-type secrecy-double",
              "condition=Accepted=False");
          await(stage, "tspolicy wrong -n " + NAMESPACE, "condition=Accepted=False");
          String carried = "tenant_id=%s qos=0 app=%s".formatted(NUMBER, WORD);
          stage.awaitCarried(literal, "secrecy", carried);
          stage.awaitCarried(computed, "secrecy", carried);
          stage.awaitCarried(failing, "secrecy", "tenant_id=0 qos=0 app=" + WORD);
          stage.await(
              "events about all policies",
              () -> stage.kubectl("get events -A -o wide").contains("/secrecy-double"));

          // Then: and it does not tell what
          SortedMap<String, String> told = told(stage, cluster);
          assertThat(told.keySet())
              .contains("log of controller", "log of agent-1", "log of agent-2")
              .contains(
                  "debug state of controller", "debug state of agent-1", "metrics of agent-2");
          told.forEach(
              (where, text) ->
                  assertThat(text).as(where).isNotBlank().doesNotContain(WORD, NUMBER));
          assertThat(told.get("events")).contains("secrecy-range", "out of range for U8 (0..255)");
          assertThat(told.get("log of agent-1")).contains("out of range for U8 (0..255)");
        });
  }

  private static void await(Stage stage, String objects, String condition) {
    stage.kubectl("wait %s --for=%s --timeout=180s".formatted(objects, condition));
  }

  private static String right(String name, String... values) {
    return clusterPolicy(
        "secrecy-" + name, "secrecy", "Baseline", "kind: canary", "app: " + name, values);
  }

  private static void refused(Stage stage, String name, String value) {
    stage.apply(
        clusterPolicy("secrecy-" + name, "secrecy", "Admin", "kind: canary", "app: none", value));
  }

  /** Everything that tells of the operator's work, by what it is; specs are their authors' own. */
  private static SortedMap<String, String> told(Stage stage, OperatorCluster cluster)
      throws IOException, InterruptedException {
    SortedMap<String, String> told = new TreeMap<>();
    told.put(
        "statuses",
        stage.kubectl("get tsmap,ctspolicy,tspolicy,tsnode -A -o jsonpath={.items[*].status}"));
    told.put("events", stage.kubectl("get events.events.k8s.io -A -o json"));
    cluster.logs().forEach((process, text) -> told.put("log of " + process, text));
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (var address : cluster.addresses().entrySet()) {
        URI metrics = address.getValue().resolve("/metrics");
        told.put("metrics of " + address.getKey(), page(client, metrics));
      }
      for (var address : cluster.debugAddresses().entrySet()) {
        URI state = address.getValue().resolve("/debug/state");
        told.put("debug state of " + address.getKey(), page(client, state));
      }
    }
    return told;
  }

  private static String page(HttpClient client, URI address)
      throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
  }
}
