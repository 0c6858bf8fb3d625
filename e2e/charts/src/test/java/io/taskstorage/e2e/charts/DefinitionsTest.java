package io.taskstorage.e2e.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart of the definitions is {@code crds/}, and nothing else. */
class DefinitionsTest {

  private static final Path CRDS = Helm.ROOT.resolve("crds");

  @Test
  void definitionsAreThoseOfTheRepository() throws IOException {
    assertThat(written().changesTo(Helm.rendering(Helm.DEFINITIONS, "keep: false"))).isEmpty();
  }

  /** With a definition goes every object of its kind: an uninstall must not do that unasked. */
  @Test
  void unlessAskedUninstallKeepsThem() throws IOException {
    String changes = written().changesTo(Helm.rendering(Helm.DEFINITIONS, ""));
    assertThat(changes)
        .isEqualTo(
            Stream.of(
                    "clustertaskstoragepolicies",
                    "taskstoragemaps",
                    "taskstoragenodestates",
                    "taskstoragepolicies")
                .map("CustomResourceDefinition/%s.taskstorage.io\n"::formatted)
                .map(n -> n + "  + /metadata/annotations/helm.sh~1resource-policy: \"keep\"\n")
                .reduce("", String::concat));
  }

  /** A definition that is added to {@code crds/} is in the chart, too. */
  private static Rendering written() throws IOException {
    try (Stream<Path> files = Files.list(CRDS)) {
      List<Path> definitions =
          files.filter(f -> !f.endsWith("kustomization.yaml")).sorted().toList();
      StringBuilder all = new StringBuilder();
      for (Path file : definitions) {
        all.append("---\n").append(Files.readString(file));
      }
      return Rendering.of(all.toString());
    }
  }
}
