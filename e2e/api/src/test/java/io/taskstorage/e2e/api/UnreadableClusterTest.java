package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code preview} says of a cluster that it cannot read: one message, once. */
@ApiServerTest
@NewestOnly
@ExtendWith(ServerParameter.class)
class UnreadableClusterTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String MAPS =
      "read /apis/taskstorage.io/v1alpha1/taskstoragemaps of SERVER/: ";

  /** A map that files bring. */
  private static final Path MAP =
      Path.of(System.getProperty("root.dir", "../.."), "samples/quickstart/map.yaml");

  @TempDir Path folder;

  @Test
  void nobodyListensThere(ApiServer kubernetes) throws IOException {
    // Given
    Path kubeconfig;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      kubeconfig = with(kubernetes, "server", "https://127.0.0.1:" + taken.getLocalPort());
    }
    String message = MAPS + "no connection: check the address, the network and the context\n";

    // Then
    assertThat(CliRun.of(kubeconfig, "preview", "--live")).isEqualTo(new CliRun(1, "", message));
    assertThat(CliRun.of(kubeconfig, "status")).isEqualTo(new CliRun(1, "", message));
    assertThat(CliRun.of(kubeconfig, "preview", "--diff", "-f", MAP.toString()))
        .isEqualTo(new CliRun(2, "", message));
  }

  @Test
  void nobodyKnowsTheUser(ApiServer kubernetes) throws IOException {
    // Given
    Path kubeconfig = with(kubernetes, "token", "nonsense");

    // Then
    assertThat(CliRun.of(kubeconfig, "preview", "--live"))
        .isEqualTo(new CliRun(1, "", MAPS + "not logged in (Unauthorized): log in again\n"));
  }

  @Test
  void theUserMayNotRead(ApiServer kubernetes) throws IOException {
    // Given
    Path kubeconfig = with(kubernetes, "token", account(kubernetes, "nobody"));

    // Then
    assertThat(CliRun.of(kubeconfig, "status"))
        .isEqualTo(CliRun.of(kubeconfig, "preview", "--live"))
        .isEqualTo(
            new CliRun(
                1,
                "",
                MAPS
                    + "not allowed (taskstoragemaps.taskstorage.io is forbidden: User"
                    + " \"system:serviceaccount:default:nobody\" cannot list resource"
                    + " \"taskstoragemaps\" in API group \"taskstorage.io\" at the cluster scope):"
                    + " ask for the right to list\n"));
  }

  @Test
  void theRightToListIsEnough(ApiServer kubernetes) throws IOException {
    // Given
    Path kubeconfig = with(kubernetes, "token", account(kubernetes, "previewer"));
    kubernetes
        .kubectl(
            "create",
            "clusterrole",
            "previewer",
            "--verb=list",
            "--resource=nodes,namespaces,taskstoragemaps.taskstorage.io,"
                + "clustertaskstoragepolicies.taskstorage.io,taskstoragepolicies.taskstorage.io")
        .stdoutIfDone();
    kubernetes
        .kubectl("create", "role", "previewer", "--verb=list", "--resource=pods")
        .stdoutIfDone();
    bind(kubernetes, "clusterrolebinding", "--clusterrole=previewer");
    bind(kubernetes, "rolebinding", "--role=previewer");

    // When
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                CliRun.of(kubeconfig, "preview", "--live", "-n", "default", "-f", MAP.toString())
                        .exitCode()
                    == 0);
    CliRun everywhere = CliRun.of(kubeconfig, "preview", "--live", "-f", MAP.toString());

    // Then
    assertThat(everywhere)
        .isEqualTo(
            new CliRun(
                1,
                "",
                "read /api/v1/pods of SERVER/: not allowed (pods is forbidden: User"
                    + " \"system:serviceaccount:default:previewer\" cannot list resource \"pods\""
                    + " in API group \"\" at the cluster scope): ask for the right to list, or name"
                    + " a --namespace\n"));
  }

  @Test
  void aTenantSeesTheOwnNamespace(ApiServer kubernetes, Server server) throws IOException {
    // Given
    Path kubeconfig = with(kubernetes, "token", account(kubernetes, "tenant"));
    server.create(Corpus.documents(MAP).getFirst()).taken();
    kubernetes
        .kubectl(
            "create",
            "role",
            "tenant",
            "--verb=list",
            "--resource=taskstoragepolicies.taskstorage.io")
        .stdoutIfDone();
    kubernetes
        .kubectl(
            "create", "rolebinding", "tenant", "--role=tenant", "--serviceaccount=default:tenant")
        .stdoutIfDone();

    // When
    await()
        .atMost(PATIENCE)
        .until(() -> CliRun.of(kubeconfig, "status", "-n", "default").exitCode() == 0);
    CliRun own = CliRun.of(kubeconfig, "status", "-n", "default");
    CliRun other = CliRun.of(kubeconfig, "status", "-n", "kube-system");

    // Then
    String left = "note: not looked at, for the account may not list them: ";
    assertThat(own)
        .isEqualTo(
            new CliRun(
                0,
                "",
                left
                    + "taskstoragemaps\n"
                    + left
                    + "taskstoragenodestates\n"
                    + left
                    + "nodes\n"
                    + left
                    + "pods\n"
                    + "status: there is no TaskStorageMap\n"));
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err())
        .startsWith(
            "read /apis/taskstorage.io/v1alpha1/namespaces/kube-system/taskstoragepolicies of"
                + " SERVER/: not allowed (")
        .endsWith("): ask for the right to list\n");
  }

  @Test
  void theDefinitionsAreNotThere(ApiServer kubernetes, Server server) {
    // Given
    String message =
        "read /apis/taskstorage.io/v1alpha1/taskstoragepolicies of SERVER/: the definitions of"
            + " taskstorage.io are not there: apply crds/\n";
    kubernetes.kubectl("delete", "-k", Definition.FOLDER.toString()).stdoutIfDone();
    try {
      Definition.all()
          .forEach(each -> await().atMost(PATIENCE).until(() -> server.list(each).code() == 404));

      // When
      CliRun bare = CliRun.of(kubernetes.kubeconfig(), "preview", "--live");
      CliRun status = CliRun.of(kubernetes.kubeconfig(), "status");
      CliRun withFiles =
          CliRun.of(kubernetes.kubeconfig(), "preview", "--diff", "-f", MAP.toString());

      // Then
      assertThat(bare).isEqualTo(new CliRun(1, "", message));
      assertThat(status)
          .isEqualTo(new CliRun(1, "", message.replace("taskstoragepolicies", "taskstoragemaps")));
      assertThat(withFiles)
          .isEqualTo(new CliRun(0, "", "note: " + message + "preview: nothing would change\n"));
    } finally {
      kubernetes.apply(Definition.FOLDER);
      Definition.all().forEach(server::awaitServed);
    }
  }

  private static void bind(ApiServer kubernetes, String kind, String role) {
    kubernetes
        .kubectl("create", kind, "previewer", role, "--serviceaccount=default:previewer")
        .stdoutIfDone();
  }

  /** A token of a new account that nobody gave any right. */
  private static String account(ApiServer kubernetes, String name) {
    kubernetes.kubectl("create", "serviceaccount", name).stdoutIfDone();
    return kubernetes.kubectl("create", "token", name).stdoutIfDone().strip();
  }

  /** The administrator's kubeconfig with another server or token. */
  private Path with(ApiServer kubernetes, String property, String value) throws IOException {
    ObjectNode config = (ObjectNode) Corpus.documents(kubernetes.kubeconfig()).getFirst();
    String owner = property.equals("server") ? "/clusters/0/cluster" : "/users/0/user";
    ((ObjectNode) config.at(owner)).put(property, value);
    return Files.writeString(folder.resolve("config"), config.toString());
  }
}
