package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.e2e.operator.Rights.Place;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the component {@code startup-taint} lets the controller do to Nodes: one thing. */
@ApiServerTest
@ExtendWith(Installation.Parameter.class)
@TestInstance(Lifecycle.PER_CLASS)
class StartupTaintTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String NODE = "node-taint";
  private static final String CONTROLLER = "taskstorage-controller";
  private static final String TAINT = "taskstorage.io/agent-not-ready";
  private static final String NOTHING_ELSE =
      "the controller changes its start-up taint, and nothing else";
  private static final String AUTOSCALERS =
      "startup-taint.cluster-autoscaler.kubernetes.io/taskstorage-agent-not-ready";

  private final Installation installation;
  private final ApiServer server;
  private final AgentPods agents;

  StartupTaintTest(Installation installation) {
    this.installation = installation;
    this.server = installation.server();
    this.agents = new AgentPods(installation);
  }

  @BeforeAll
  void install() throws IOException {
    agents.addNodeAlone(NODE);
    assertThat(mayPatchNodes(CONTROLLER)).as("without the component").isFalse();
    server.kubectlWithInput(component(), "apply", "--server-side", "-f", "-").stdoutIfDone();
    // Until the server has taken in both, the right and the policy.
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                patch("[{op: add, path: /metadata/labels/a, value: b}]", "--dry-run=server")
                    .contains(NOTHING_ELSE));
  }

  @AfterAll
  void uninstall() throws IOException {
    server.kubectlWithInput(component(), "delete", "--ignore-not-found", "-f", "-").stdoutIfDone();
    agents.close();
    // Other tests ask for the controller's rights.
    await().atMost(PATIENCE).until(() -> !mayPatchNodes(CONTROLLER));
  }

  private static String component() throws IOException {
    return Files.readString(
        Installation.FOLDER.resolve("components/startup-taint/startup-taint.yaml"));
  }

  @Test
  void itIsOneRightMoreForTheControllerAndNoneForAgents() throws IOException {
    // Given
    String without = "everywhere: nodes: get, list, watch";
    List<String> expected =
        allowedWithout()
            .lines()
            .map(line -> line.equals(without) ? line + ", patch" : line)
            .toList();
    Place own = Place.in(Installation.NAMESPACE);
    Rights rights =
        new Rights(
            installation.client(), account(), own, own.only(CONTROLLER), Place.in("default"));
    // When
    List<String> allowed = rights.to(Resource.all(installation.client()));
    // Then
    assertThat(expected).contains(without + ", patch");
    assertThat(allowed).isEqualTo(expected);
    assertThat(mayPatchNodes("taskstorage-agent")).isFalse();
  }

  /** What RightsTest expects where the component is not. */
  private static String allowedWithout() throws IOException {
    String name = "/RightsTest/%s/allowed.txt".formatted(CONTROLLER);
    try (InputStream text = StartupTaintTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8)
          .strip();
    }
  }

  private boolean mayPatchNodes(String account) {
    return new Rights(installation.client(), Account.service(Installation.NAMESPACE, account))
        .may("patch", new Resource("", "nodes", false), Place.EVERYWHERE);
  }

  @Test
  void serverFindsNoMistakeInThePolicy() {
    installation.assertSound("startup-taint.taskstorage.io");
  }

  @Test
  void controllerTakesTheStartUpTaintAway() {
    // Given
    taint("dedicated=web:NoSchedule", TAINT + ":NoExecute", AUTOSCALERS + "=true:NoSchedule");
    List<String> before = taints();
    // When
    List<String> said = new ArrayList<>();
    for (String key : List.of(TAINT, AUTOSCALERS)) {
      said.add(patch("[{op: remove, path: /spec/taints/%d}]".formatted(taints().indexOf(key))));
    }
    // Then
    assertThat(before).containsExactlyInAnyOrder("dedicated", TAINT, AUTOSCALERS);
    assertThat(said).allMatch(line -> line.contains("patched"));
    assertThat(taints()).containsExactly("dedicated");
    untaint("dedicated");
  }

  @Test
  void itTakesNoOtherTaint() {
    // Given
    taint("dedicated=web:NoSchedule", TAINT + ":NoSchedule");
    // When
    String other =
        patch("[{op: remove, path: /spec/taints/%d}]".formatted(taints().indexOf("dedicated")));
    String all = patch("[{op: remove, path: /spec/taints}]");
    String another =
        patch(
            "[{op: replace, path: /spec/taints, value: [{key: dedicated, value: db, effect:"
                + " NoSchedule}]}]");
    // Then
    for (String said : List.of(other, all, another)) {
      assertThat(said)
          .contains(
              "change Node node-taint: of its taints the controller takes the start-up taint away,"
                  + " and no other");
    }
    assertThat(taints()).containsExactlyInAnyOrder("dedicated", TAINT);
    untaint("dedicated");
    untaint(TAINT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{op: add, path: /spec/unschedulable, value: true}",
        "{op: add, path: /spec/providerID, value: mine}",
        "{op: add, path: /metadata/labels/pool, value: mine}",
        "{op: add, path: /metadata/annotations, value: {a: mine}}",
        "{op: add, path: /metadata/finalizers, value: [example.com/mine]}"
      })
  void itChangesNothingElse(String step) {
    assertThat(patch("[" + step + "]")).contains("change Node node-taint: " + NOTHING_ELSE);
  }

  @Test
  void itPutsNoTaintOnANode() {
    assertThat(
            patch(
                "[{op: add, path: /spec/taints, value: [{key: %s, effect: NoSchedule}]}]"
                    .formatted(TAINT)))
        .contains("takes the start-up taint away, and no other");
  }

  @Test
  void moreRightsAreOfNoUse() {
    // Given
    Rights rights = new Rights(installation.client(), account());
    Resource nodes = new Resource("", "nodes", false);
    server
        .kubectl("create", "clusterrole", "taint-test", "--verb=delete", "--resource=nodes")
        .stdoutIfDone();
    try {
      server
          .kubectl(
              "create",
              "clusterrolebinding",
              "taint-test",
              "--clusterrole=taint-test",
              "--serviceaccount=" + Installation.NAMESPACE + ":" + CONTROLLER)
          .stdoutIfDone();
      await().atMost(PATIENCE).until(() -> rights.may("delete", nodes, Place.EVERYWHERE));
      // When
      Outcome delete =
          server.kubectl("delete", "node", NODE, "--dry-run=server", "--as=" + account().user());
      // Then
      assertThat(delete.stderr())
          .contains(
              "change Node node-taint: the controller takes start-up taints away, and does nothing"
                  + " else to Nodes");
    } finally {
      server.kubectl("delete", "clusterrolebinding,clusterrole", "taint-test");
    }
    await().atMost(PATIENCE).until(() -> !rights.may("delete", nodes, Place.EVERYWHERE));
  }

  private static Account account() {
    return Account.service(Installation.NAMESPACE, CONTROLLER);
  }

  @Test
  void othersChangeNodesAsBefore() {
    assertThat(server.kubectl("label", "node", NODE, "others=may").stdoutIfDone())
        .contains("labeled");
  }

  private void taint(String... taints) {
    List<String> words = new ArrayList<>(List.of("taint", "nodes", NODE));
    words.addAll(Arrays.asList(taints));
    server.kubectl(words.toArray(String[]::new)).stdoutIfDone();
  }

  private void untaint(String key) {
    server.kubectl("taint", "nodes", NODE, key + "-").stdoutIfDone();
  }

  private List<String> taints() {
    return List.of(
        server
            .kubectl("get", "node", NODE, "--output=jsonpath={.spec.taints[*].key}")
            .stdoutIfDone()
            .strip()
            .split(" "));
  }

  /** What the server says to a patch of the controller's account. */
  private String patch(String patch, String... more) {
    List<String> words = new ArrayList<>(List.of("patch", "node", NODE, "--type=json"));
    words.add("--as=" + account().user());
    words.addAll(List.of("--patch", patch));
    words.addAll(List.of(more));
    Outcome outcome = server.kubectl(words.toArray(String[]::new));
    return outcome.stdout() + outcome.stderr();
  }
}
