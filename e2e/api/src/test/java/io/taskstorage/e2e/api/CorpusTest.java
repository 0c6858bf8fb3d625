package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every object of the corpus, and what the server says to it. */
@ApiServerTest
@ExtendWith(ServerParameter.class)
class CorpusTest {

  static Stream<Corpus.CaseFile> valid() {
    return Corpus.valid().stream();
  }

  static Stream<Corpus.CaseFile> invalid() {
    return Corpus.invalid().stream();
  }

  @ParameterizedTest
  @MethodSource
  void valid(Corpus.CaseFile file, Server server) {
    for (Case c : file.cases()) {
      // When
      Answer answer = server.tryCreate(c.document());
      // Then
      assertThat(answer.isRefusal()).as("%s: %s", c, answer.lines()).isFalse();
      assertThat(answer.warnings()).as(c.name()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource
  void invalid(Corpus.CaseFile file, Server server, ApiServer kubernetes) throws IOException {
    // When
    String said =
        file.cases().stream()
            .map(c -> c.name() + "\n" + said(server.tryCreate(c.document())))
            .collect(Collectors.joining("\n"));
    // Then
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file.answers(kubernetes.version()), said);
    }
    assertThat(said).isEqualTo(Files.readString(file.answers(kubernetes.version())));
    assertThat(said).doesNotContain("  taken\n");
  }

  private static String said(Answer answer) {
    List<String> lines = answer.isRefusal() ? answer.lines() : List.of("taken");
    return lines.stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
  }

  @Test
  void refusesOftenEnough() {
    assertThat(Corpus.invalid().stream().mapToInt(file -> file.cases().size()).sum())
        .isGreaterThanOrEqualTo(60);
  }
}
