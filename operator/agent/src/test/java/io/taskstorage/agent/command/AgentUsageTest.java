package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code agent} refuses to start. */
class AgentUsageTest {
  private static final String KUBECONFIG =
      """
      current-context: c
      clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
      users: [{name: u, user: {}}]
      contexts: [{name: c, context: {cluster: c, user: u}}]
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void withoutANameOfItsNode() {
    // When
    CommandRun run = CommandRun.of("agent");

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("start agent: no node name: give it by --node-name or the variable NODE_NAME");
  }

  @Test
  void withAStateFolderThatOthersMayWriteInto() throws IOException {
    // Given
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), KUBECONFIG);

    // When
    CommandRun run =
        CommandRun.of(
            "agent", "--node-name=n", "--kubeconfig=" + kubeconfig, "--state-dir=" + open);

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "open state folder %s: others may write into it: chmod 0700 %s: give another by"
                    .formatted(open, open)
                + " --state-dir\n");
  }
}
