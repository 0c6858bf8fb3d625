package io.taskstorage.e2e.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.GoldenCases;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The charts on a real API server, beside what kubectl installs. */
@ApiServerTest
class InstallTest {
  private static final Duration GONE = Duration.ofMinutes(5);

  /** Helm makes the namespace, or finds it there. */
  private static final Set<String> NAMESPACE = Set.of("Namespace/" + Helm.NAMESPACE);

  /** Of Prometheus' operator, which is not there. */
  private static final Set<String> MONITORING =
      Set.of(
          "PodMonitor/taskstorage-agent",
          "PodMonitor/taskstorage-controller",
          "PrometheusRule/taskstorage");

  @BeforeAll
  static void makeNamespace(ApiServer server) {
    server.kubectl("create", "namespace", Helm.NAMESPACE).stdoutIfDone();
    server
        .kubectl(
            "label",
            "namespace",
            Helm.NAMESPACE,
            "pod-security.kubernetes.io/warn=privileged",
            "pod-security.kubernetes.io/enforce=privileged")
        .stdoutIfDone();
  }

  @AfterAll
  static void removeNamespace(ApiServer server) {
    server.kubectl("delete", "namespace", Helm.NAMESPACE, "--wait=false").stdoutIfDone();
  }

  /** Value by value, the server takes what Helm makes of it, and warns of nothing. */
  @TestFactory
  Stream<DynamicTest> serverTakesWhatIsRendered(ApiServer server) {
    return GoldenCases.of(getClass())
        .tests(
            c -> {
              Rendering rendering =
                  Helm.rendering(Helm.OPERATOR, c.text("values.yaml")).without(MONITORING);
              Outcome outcome =
                  server.kubectlWithInput(
                      rendering.documents(),
                      "apply",
                      "--server-side",
                      "--dry-run=server",
                      "-f",
                      "-");
              assertThat(outcome.stdoutIfDone().lines()).hasSize(rendering.objects().size());
              assertThat(outcome.stderr()).isEmpty();
            });
  }

  @Test
  void kubectlInstallsTheSame(ApiServer server) {
    Rendering byKubectl = kustomize(server, "operator/deploy/base").without(NAMESPACE);
    Rendering byHelm = Helm.rendering(Helm.OPERATOR, "").withoutHelmsLabels();
    assertThat(byKubectl.changesTo(byHelm)).isEmpty();
  }

  @Test
  void applyingItAgainChangesNothing(ApiServer server) {
    // Given
    String all = kustomize(server, "operator/deploy").without(NAMESPACE).documents();
    apply(server, all);
    String before = generations(server, all);
    // When
    apply(server, all);
    // Then
    assertThat(before)
        .containsPattern("DaemonSet +taskstorage-agent +1\n")
        .containsPattern("Deployment +taskstorage-controller +1\n");
    assertThat(generations(server, all)).isEqualTo(before);
    // A definition goes when the server has looked for objects of its kind, in its own time.
    server.kubectlWithInput(all, "delete", "--wait=false", "-f", "-").stdoutIfDone();
    await().atMost(GONE).until(() -> there(server, all).isEmpty());
  }

  private static String there(ApiServer server, String objects) {
    return server
        .kubectlWithInput(objects, "get", "--ignore-not-found", "-o", "name", "-f", "-")
        .stdoutIfDone();
  }

  private static void apply(ApiServer server, String objects) {
    server.kubectlWithInput(objects, "apply", "--server-side", "-f", "-").stdoutIfDone();
  }

  private static String generations(ApiServer server, String objects) {
    return server
        .kubectlWithInput(
            objects,
            "get",
            "-f",
            "-",
            "-o",
            "custom-columns=:kind,:metadata.name,:metadata.generation")
        .stdoutIfDone();
  }

  @Test
  void componentsAreTheSameAsTheirValues(ApiServer server) {
    Rendering byKubectl = Rendering.of(components(server)).without(NAMESPACE);
    Rendering byHelm =
        Helm.rendering(
                Helm.OPERATOR,
                """
                disruptionBudget: {enabled: true}
                flowControl: {enabled: true}
                networkPolicy: {enabled: true}
                priorityClass: {create: true}
                agent: {nri: {enabled: false}}
                controller: {startupTaint: {enabled: true}}
                """)
            .withoutHelmsLabels();
    // The component makes the class; to name it is left to a patch.
    assertThat(byKubectl.changesTo(byHelm))
        .isEqualTo(
            """
            DaemonSet/taskstorage-agent
              + /spec/template/spec/priorityClassName: "taskstorage-agent"
            """);
  }

  /** Installed, looked at, and uninstalled; the definitions stay. */
  @Test
  void helmInstallsAndUninstalls(ApiServer server) {
    // When
    helm(server, "install", "definitions", Helm.DEFINITIONS.toString());
    String notes =
        helm(
            server,
            "install",
            "taskstorage",
            Helm.OPERATOR.toString(),
            "--set=image.repository=localhost/task-storage-operator",
            "--set=image.pullPolicy=Never");
    // Then
    assertThat(notes)
        .contains("STATUS: deployed", "kubectl get taskstorage")
        .doesNotContain("are not there yet", "does not say that it takes");
    assertThat(
            server
                .kubectl(
                    "get",
                    "daemonset,deployment",
                    "--namespace=" + Helm.NAMESPACE,
                    "-o",
                    "custom-columns=:metadata.name,:spec.template.spec.containers[0].image")
                .stdoutIfDone())
        .containsPattern("taskstorage-agent +localhost/task-storage-operator:0.1.0")
        .containsPattern("taskstorage-controller +localhost/task-storage-operator:0.1.0");
    // When
    helm(server, "uninstall", "taskstorage");
    String kept = helm(server, "uninstall", "definitions");
    // Then
    assertThat(kept).contains("kept due to the resource policy");
    assertThat(server.kubectl("get", "crd", "-o", "name").stdoutIfDone())
        .contains("taskstoragemaps.taskstorage.io");
    assertThat(server.kubectl("get", "clusterrole", "taskstorage-agent").stderr())
        .contains("NotFound");
    server.kubectl("delete", "-k", Helm.ROOT.resolve("crds").toString()).stdoutIfDone();
  }

  private static String helm(ApiServer server, String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(List.of("--namespace", Helm.NAMESPACE));
    words.addAll(List.of("--kubeconfig", server.kubeconfig().toString()));
    Outcome outcome = Helm.run("", words.toArray(String[]::new));
    return outcome.stdoutIfDone() + outcome.stderr();
  }

  private static Rendering kustomize(ApiServer server, String folder) {
    return Rendering.of(
        server.kubectl("kustomize", Helm.ROOT.resolve(folder).toString()).stdoutIfDone());
  }

  private static String components(ApiServer server) {
    return server
        .kubectl("kustomize", Helm.ROOT.resolve("e2e/charts/src/test/kustomize").toString())
        .stdoutIfDone();
  }
}
