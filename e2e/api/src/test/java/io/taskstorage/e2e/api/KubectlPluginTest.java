package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kubectl taskstorage}: the launcher under the name by which kubectl finds plugins. On a
 * copy of it that has been built already, from what these tests run with.
 */
@ApiServerTest
@NewestOnly
@ExtendWith(ServerParameter.class)
class KubectlPluginTest {
  private static final Path ROOT =
      Path.of(System.getProperty("root.dir", "../..")).toAbsolutePath().normalize();

  private static final String SYSTEM =
      "{apiVersion: v1, kind: Namespace, metadata: {name: taskstorage-system}}";
  private static final String NODE = "{apiVersion: v1, kind: Node, metadata: {name: host-1}}";
  private static final String AGENT =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: agent-1
        namespace: taskstorage-system
        labels: {app.kubernetes.io/name: task-storage-operator, app.kubernetes.io/component: agent}
      spec:
        nodeName: host-1
        containers: [{name: agent, image: taskstorage}]
      """;

  @TempDir static Path tree = Path.of("");

  @BeforeAll
  static void build() throws IOException {
    for (String file : List.of("taskstorage", "tools/find-jdk", "pom.xml")) {
      Files.createDirectories(tree.resolve(file).getParent());
      Files.copy(ROOT.resolve(file), tree.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Path lib = Files.createDirectories(tree.resolve("operator/cli/target/launcher/lib"));
    int count = 0;
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path of = Path.of(part).toAbsolutePath();
      if (of.toString().contains("/telemetry/")) {
        // The agent's logs are on the class path of these tests; the command has its own.
        continue;
      }
      Path jar = lib.resolve(count++ + ".jar");
      if (Files.isDirectory(of)) {
        jar(jar, of);
      } else if (Files.exists(of)) {
        Files.copy(of, jar);
      }
    }
    for (String program : List.of("agent", "cli", "controller")) {
      Path folder = tree.resolve("operator/" + program + "/target/launcher");
      Files.createFile(Files.createDirectories(folder).resolve("packaged"));
    }
    Files.createDirectory(tree.resolve("bin"));
    Files.createSymbolicLink(tree.resolve("bin/kubectl-taskstorage"), tree.resolve("taskstorage"));
  }

  @Test
  void kubectlFindsItAndItReadsTheSameCluster(ApiServer kubernetes, Server server) {
    // Given
    server.create(Corpus.documents(ROOT.resolve("samples/quickstart/map.yaml")).getFirst()).taken();

    // When
    Outcome found = plugin(kubernetes, "plugin", "list");
    Outcome preview =
        plugin(
            kubernetes,
            "taskstorage",
            "preview",
            "-f",
            ROOT.resolve("samples/two-teams").toString());
    Outcome live = plugin(kubernetes, "taskstorage", "preview", "--live");

    // Then
    assertThat(found.stdoutIfDone()).contains("kubectl-taskstorage");
    assertThat(preview.stdoutIfDone()).startsWith("SUBJECT ").contains("pod shop/cart ");
    assertThat(live.stdoutIfDone()).isEmpty();
    assertThat(live.stderr()).isEqualTo("preview: 0 carry values, 1 objects accepted, 0 refused\n");
  }

  @Test
  void usageAndMessagesSayWhatTheUserTyped(ApiServer kubernetes) {
    // When
    Outcome help = plugin(kubernetes, "taskstorage", "preview", "--help");
    Outcome wrong = plugin(kubernetes, "taskstorage", "preview", "--nonsense");

    // Then
    assertThat(help.stdoutIfDone()).startsWith("Usage: kubectl taskstorage preview [");
    assertThat(wrong.stderr())
        .startsWith("kubectl taskstorage preview: unknown option: '--nonsense'")
        .contains("see 'kubectl taskstorage preview --help'");
    assertThat(wrong.exitCode()).isEqualTo(2);
  }

  @Test
  void aNodeIsAskedByKubectlExecIntoItsAgentsPod(ApiServer kubernetes) {
    // Given
    try (Inhabitants inhabitants = new Inhabitants(kubernetes)) {
      inhabitants.apply(List.of(Corpus.read(SYSTEM), Corpus.read(NODE), Corpus.read(AGENT)));

      // When
      Outcome entries =
          plugin(kubernetes, "taskstorage", "entries", "tenant-ctx", "--node", "host-1");
      Outcome elsewhere =
          plugin(kubernetes, "taskstorage", "entries", "tenant-ctx", "--node", "host-2");

      // Then
      // There is no kubelet: what kubectl makes of that is passed on.
      assertThat(entries.stderr()).contains("no preferred addresses found");
      assertThat(entries.exitCode()).isEqualTo(1);
      assertThat(elsewhere.stderr())
          .isEqualTo(
              "find the agent of node host-2 in namespace taskstorage-system: no such pod: see"
                  + " kubectl get nodes, or name another way to the node by --via\n");
      assertThat(elsewhere.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void asAPluginItIsAboutTheCluster(ApiServer kubernetes) {
    // When
    Outcome status = plugin(kubernetes, "taskstorage", "status");
    Outcome doctor = plugin(kubernetes, "taskstorage", "doctor");
    Outcome entries = plugin(kubernetes, "taskstorage", "entries", "tenant-ctx");

    // Then
    assertThat(status.stderr()).isEqualTo("status: there is no TaskStorageMap\n");
    assertThat(status.exitCode()).isZero();
    assertThat(doctor.stdout()).startsWith("yes      definitions ");
    assertThat(doctor.exitCode()).isEqualTo(3);
    assertThat(entries.stderr())
        .startsWith("kubectl taskstorage entries: missing required option: '--node=NAME'");
    assertThat(entries.exitCode()).isEqualTo(2);
  }

  @Test
  void byItsOwnNameItSaysItsOwnName() {
    // When
    Outcome help =
        Command.of(tree.resolve("taskstorage").toString(), "preview", "--help")
            .environment("TASKSTORAGE_CALLED_AS", "kubectl taskstorage")
            .run();

    // Then
    assertThat(help.stdoutIfDone()).startsWith("Usage: taskstorage preview [");
  }

  private Outcome plugin(ApiServer kubernetes, String... arguments) {
    return kubernetes.commandWithPlugins(tree.resolve("bin"), arguments).run();
  }

  private static void jar(Path jar, Path classes) {
    int exitCode =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--create",
                "--file",
                jar.toString(),
                "-C",
                classes.toString(),
                ".");
    assertThat(exitCode).isZero();
  }
}
