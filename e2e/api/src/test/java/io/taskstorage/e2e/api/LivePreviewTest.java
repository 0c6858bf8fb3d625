package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.testkit.GoldenCase;
import io.taskstorage.testkit.GoldenCases;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code preview} of a cluster: {@code cluster.yaml} is applied to it, then the commands of {@code
 * command.txt} run where a folder {@code in/} is; {@code out.txt} is what each of them printed, and
 * its exit code. What is printed as JSON must say the same as YAML.
 */
@ApiServerTest
@NewestOnly
@ExtendWith(ServerParameter.class)
class LivePreviewTest {

  @TestFactory
  Stream<DynamicTest> cases(ApiServer kubernetes) {
    return GoldenCases.of(getClass()).tests(given -> run(kubernetes, given));
  }

  private static void run(ApiServer kubernetes, GoldenCase given) {
    // Given
    String in = given.path("in").toString();
    StringBuilder told = new StringBuilder();
    try (Inhabitants inhabitants = new Inhabitants(kubernetes)) {
      inhabitants.apply(Corpus.documents(given.path("cluster.yaml")));

      for (String command : given.text("command.txt").lines().toList()) {
        // When
        CliRun run = run(kubernetes.kubeconfig(), in, command);

        // Then
        told.append("$ taskstorage ").append(command).append('\n');
        told.append(run.out().replace(in, "in"));
        run.err().lines().forEach(line -> told.append("! ").append(line).append('\n'));
        told.append("exit code ").append(run.exitCode()).append("\n\n");
        if (command.endsWith("-o json")) {
          CliRun yaml = run(kubernetes.kubeconfig(), in, command.replace("-o json", "-o yaml"));
          JsonNode read = Corpus.read(yaml.out());
          assertThat(read).isEqualTo(Corpus.read(run.out()));
          assertThat(read.isObject()).isTrue();
          assertThat(yaml.exitCode()).isEqualTo(run.exitCode());
        }
      }
    }
    given.expect("out.txt", told.toString().replace(in, "in").stripTrailing() + "\n");
  }

  private static CliRun run(Path kubeconfig, String in, String command) {
    return CliRun.of(
        kubeconfig,
        Arrays.stream(command.split(" +"))
            .map(
                word -> word.startsWith("in/") || word.equals("in") ? in + word.substring(2) : word)
            .toArray(String[]::new));
  }
}
