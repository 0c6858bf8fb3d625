package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.testkit.GoldenCase;
import io.taskstorage.testkit.GoldenCases;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code status} and {@code explain} of a cluster: {@code cluster.yaml} is applied to it, statuses
 * too, as the controller, the agents and the kubelets would write them; then the commands of {@code
 * command.txt} run. {@code out.txt} is what each of them printed, and its exit code. What is
 * printed as JSON must say the same as YAML.
 *
 * <p>In statuses {@code uid-of-NAME} stands for the uid of the object of this name, and {@code
 * token-of-NAME} for the part of it that stands in node states.
 */
@ApiServerTest
@NewestOnly
@ExtendWith(ServerParameter.class)
class LiveStatusTest {

  @TestFactory
  Stream<DynamicTest> cases(ApiServer kubernetes, Server server) {
    return GoldenCases.of(getClass()).tests(given -> run(kubernetes, server, given));
  }

  private static void run(ApiServer kubernetes, Server server, GoldenCase given) {
    // Given
    List<JsonNode> objects =
        given.has("cluster.yaml") ? Corpus.documents(given.path("cluster.yaml")) : List.of();
    StringBuilder told = new StringBuilder();
    try (Inhabitants inhabitants = new Inhabitants(kubernetes)) {
      inhabitants.applyWithStatus(objects, server);

      for (String command : given.text("command.txt").lines().toList()) {
        // When
        CliRun run = CliRun.of(kubernetes.kubeconfig(), command.split(" +", -1));

        // Then
        told.append("$ taskstorage ").append(command).append('\n');
        told.append(run.out());
        run.err().lines().forEach(line -> told.append("! ").append(line).append('\n'));
        told.append("exit code ").append(run.exitCode()).append("\n\n");
        if (command.endsWith("-o json")) {
          CliRun yaml =
              CliRun.of(
                  kubernetes.kubeconfig(), command.replace("-o json", "-o yaml").split(" +", -1));
          JsonNode read = Corpus.read(yaml.out());
          assertThat(read).isEqualTo(Corpus.read(run.out()));
          assertThat(read.isObject()).isTrue();
          assertThat(yaml.exitCode()).isEqualTo(run.exitCode());
        }
      }
    }
    given.expect("out.txt", told.toString().stripTrailing() + "\n");
  }
}
