package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.agent.cluster.ApiAccess.Token;
import io.taskstorage.console.CommandFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiAccessTest {
  private static final String GOOD =
      """
      current-context: here
      contexts: [{name: here, context: {cluster: c, user: u}}]
      clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443"}}]
      users: [{name: u, user: {tokenFile: token}}]
      """;

  @TempDir private Path folder = Path.of("");

  private Path kubeconfig(String text) throws IOException {
    return Files.writeString(folder.resolve("kubeconfig"), text);
  }

  @Test
  void aTokenFileIsReadAnewForEachRequest() throws IOException {
    // Given
    Path file = kubeconfig(GOOD);
    Files.writeString(folder.resolve("token"), "one\n");

    // When
    ApiAccess access = ApiAccess.find(Optional.of(file), Map.of());

    // Then
    assertThat(access.server()).isEqualTo(URI.create("https://10.0.0.1:6443"));
    assertThat(access.token()).isEqualTo(new Token.OfFile(folder.resolve("token")));
    assertThat(access.token().current()).contains("one");
    Files.writeString(folder.resolve("token"), "two");
    assertThat(access.token().current()).contains("two");
  }

  @Test
  void theVariableNamesAKubeconfigToo() throws IOException {
    assertThat(
            ApiAccess.find(Optional.empty(), Map.of("KUBECONFIG", kubeconfig(GOOD).toString()))
                .server())
        .hasHost("10.0.0.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "current-context: here | current-context: there | no context 'there': add it, or correct its name",
        "cluster: c, | cluster: d, | no cluster 'd': add it, or correct its name",
        "user: u} | user: v} | no user 'v': add it, or correct its name",
        "tokenFile: token | exec: {command: x} | users by exec or auth-provider are not for agents: use tokenFile",
        "https://10.0.0.1:6443 | 10.0.0.1 | no server in its cluster: add its address",
      })
  void whatIsMissingIsTold(String part, String changed, String message) throws IOException {
    // Given
    Path file = kubeconfig(GOOD.replace(part, changed));

    // When, Then
    assertThatThrownBy(() -> ApiAccess.find(Optional.of(file), Map.of()))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("read kubeconfig " + file + ": " + message);
  }

  @Test
  void withoutAnyNothingIsGuessed() {
    assertThatThrownBy(() -> ApiAccess.find(Optional.empty(), Map.of()))
        .hasMessage(
            "find API server: not in a pod, and no kubeconfig: name one by --kubeconfig or"
                + " KUBECONFIG");
    assertThatThrownBy(() -> ApiAccess.find(Optional.of(folder.resolve("none")), Map.of()))
        .hasMessage(
            "read kubeconfig " + folder.resolve("none") + ": no such file: correct the path");
  }
}
