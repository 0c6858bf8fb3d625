package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.console.Version;
import io.taskstorage.testkit.GoldenCase;
import io.taskstorage.testkit.GoldenCases;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code doctor --cluster} of a cluster with nothing but the definitions, of one with all that is
 * deployed, and of one where things went wrong: {@code cluster.yaml} is what is in it, {@code
 * out.txt} what the command printed, and its exit code.
 */
@ApiServerTest
@NewestOnly
@ExtendWith(ServerParameter.class)
class LiveDoctorTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String OURS = "app.kubernetes.io/part-of=task-storage-operator";

  /** Without the pods: the cluster's own controllers would make them. */
  private static final Path RIGHTS =
      Path.of(System.getProperty("root.dir", "../.."), "operator/deploy/rights").toAbsolutePath();

  @AfterEach
  void removeWhatIsOfTheCluster(ApiServer kubernetes) {
    kubernetes
        .kubectl(
            "delete",
            "clusterroles,clusterrolebindings,validatingadmissionpolicies"
                + ",validatingadmissionpolicybindings",
            "-l",
            OURS)
        .stdoutIfDone();
    kubernetes
        .kubectl("delete", "roles,rolebindings", "-n", "taskstorage-system", "-l", OURS)
        .stdoutIfDone();
  }

  @Test
  void bare(ApiServer kubernetes) throws Exception {
    GoldenCases.of(getClass())
        .run(
            "bare",
            given -> {
              // What a test before took away counts until the authorizer has seen it.
              await().atMost(PATIENCE).until(() -> doctor(kubernetes).out().contains("get/update"));
              expect(given, doctor(kubernetes));
            });
  }

  @Test
  void complete(ApiServer kubernetes, Server server) throws Exception {
    // Given
    kubernetes.apply(RIGHTS);

    // When, Then
    GoldenCases.of(getClass())
        .run(
            "complete",
            given -> {
              try (Inhabitants inhabitants = new Inhabitants(kubernetes)) {
                inhabitants.applyWithStatus(Corpus.documents(given.path("cluster.yaml")), server);
                // Rights that were granted count as soon as the authorizer has seen them.
                await().atMost(PATIENCE).until(() -> doctor(kubernetes).exitCode() == 0);
                expect(given, doctor(kubernetes));
              }
            });
  }

  @Test
  void lacking(ApiServer kubernetes, Server server) throws Exception {
    // Given
    kubernetes.apply(RIGHTS);
    kubernetes
        .kubectl("delete", "validatingadmissionpolicybinding", "own-node.taskstorage.io")
        .stdoutIfDone();
    kubernetes.kubectl("delete", "clusterrolebinding", "taskstorage-agent").stdoutIfDone();

    // When, Then
    GoldenCases.of(getClass())
        .run(
            "lacking",
            given -> {
              try (Inhabitants inhabitants = new Inhabitants(kubernetes)) {
                inhabitants.applyWithStatus(Corpus.documents(given.path("cluster.yaml")), server);
                String all = "no       agents' rights       system:serviceaccount";
                await().atMost(PATIENCE).until(() -> doctor(kubernetes).out().contains(all));
                await()
                    .atMost(PATIENCE)
                    .until(() -> doctor(kubernetes).out().contains("yes      controller's rights"));
                expect(given, doctor(kubernetes));
              }
            });
  }

  @Test
  void programsReadTheSame(ApiServer kubernetes) {
    // When
    CliRun run = CliRun.of(kubernetes.kubeconfig(), "doctor", "--cluster", "-o", "json");

    // Then
    JsonNode read = Corpus.read(run.out());
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(read.path("isWell").asBoolean(true)).isFalse();
    assertThat(read.path("checks"))
        .anySatisfy(
            check -> {
              assertThat(check.path("name").asText()).isEqualTo("leader");
              assertThat(check.path("need").asText()).isEqualTo("required");
              assertThat(check.path("result").asText()).isEqualTo("no");
              assertThat(check.path("mend").asText()).isNotEmpty();
            });
    assertThat(read.at("/facts/0/name").asText()).isEqualTo("cluster");
  }

  private static CliRun doctor(ApiServer kubernetes) {
    return CliRun.of(kubernetes.kubeconfig(), "doctor");
  }

  private static void expect(GoldenCase given, CliRun run) {
    assertThat(run.err()).isEmpty();
    given.expect(
        "out.txt",
        run.out()
                .replaceAll("Kubernetes v[0-9.]+[^ \n]*", "Kubernetes VERSION")
                .replace(Version.text(), "VERSION")
            + "exit code %d\n".formatted(run.exitCode()));
  }
}
