package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A cluster takes every set of samples, and then says of it what its page shows. */
@ApiServerTest
@NewestOnly
@ExtendWith(ServerParameter.class)
class SamplesTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("root.dir", "../.."), "samples").toAbsolutePath();

  /** What the API server gives each pod, and files do not say. */
  private static final String WITHOUT_UID = "no metadata.uid";

  static List<String> sets() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders
          .filter(folder -> !manifests(folder).isEmpty())
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void isTakenAndCarriesWhatItsPageShows(String set, ApiServer kubernetes) throws IOException {
    // Given
    List<JsonNode> objects = new ArrayList<>();
    manifests(FOLDER.resolve(set)).forEach(file -> objects.addAll(Corpus.documents(file)));
    try (Inhabitants inhabitants = new Inhabitants(kubernetes)) {
      // When
      inhabitants.apply(objects);
      CliRun run = CliRun.of(kubernetes.kubeconfig(), "preview", "--live");

      // Then
      assertThat(run.exitCode()).isZero();
      List<String> shown = shown(FOLDER.resolve(set).resolve("README.md"));
      if (!shown.isEmpty()) {
        assertThat(words(run)).containsExactlyElementsOf(shown);
      }
      assertThat(run.err()).endsWith(" objects accepted, 0 refused\n");
      assertThat(shown.isEmpty())
          .as("a set with pods of its own shows them")
          .isNotEqualTo(Files.exists(FOLDER.resolve(set).resolve("workload.yaml")));
    }
  }

  /** The lines, whatever the widths of their columns, and a pod's UID as if it had none. */
  private static List<String> words(CliRun run) {
    return (run.out() + run.err())
        .replace(" UID ", " \"\" ")
        .lines()
        .map(SamplesTest::squeezed)
        .toList();
  }

  /** The lines of the page's block, but for what a cluster knows. */
  private static List<String> shown(Path page) throws IOException {
    return Files.readString(page)
        .lines()
        .dropWhile(line -> !line.startsWith("$ ./taskstorage preview "))
        .skip(1)
        .takeWhile(line -> !line.equals("```"))
        .filter(line -> !line.contains(WITHOUT_UID))
        .map(SamplesTest::squeezed)
        .toList();
  }

  private static String squeezed(String line) {
    return line.strip().replaceAll(" +", " ");
  }

  private static List<Path> manifests(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError("list " + folder, e);
    }
  }
}
