package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.e2e.operator.HealthProgram.Said;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The statuses that the controller writes, judged by those who wait. The files are what its own
 * tests hold it to.
 */
@ApiServerTest
class SituationTest {

  static final Path STATES =
      Installation.ROOT.resolve("operator/controller/src/test/resources/states");

  /** A file of the controller's with what it is meant to say. */
  record State(String file, Verdict intended) {}

  static List<State> states() {
    return Stream.of(Situation.values())
        .flatMap(
            situation ->
                situation.kinds().stream()
                    .map(kind -> new State(kind.fileName(situation), situation.intended())))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("states")
  void meansWhatIsIntended(State state) throws IOException {
    // When
    Said said = HealthProgram.of(Files.readString(STATES.resolve(state.file())));
    // Then
    assertThat(said.kstatus()).isEqualTo(state.intended().kstatus());
    assertThat(said.argo()).isEqualTo(state.intended().argo());
    assertThat(said.argoMessage()).isNotBlank();
  }

  @Test
  void everyStateIsOfASituation() throws IOException {
    try (Stream<Path> files = Files.list(STATES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(states().stream().map(State::file).toList());
    }
  }
}
