package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.testkit.GoldenCases;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bound of every status, from both sides. */
@ApiServerTest
@NewestOnly
@ExtendWith(ServerParameter.class)
class StatusTest {

  static Stream<Definition> definitions() {
    return Definition.all().stream();
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void everyPropertyIsTakenAndKept(Definition definition, Server server) {
    // Given
    ObjectNode full = Corpus.full(definition.kind());
    // When
    server.createWithStatus(full);
    // Then
    JsonNode stored = server.get(full).taken();
    assertThat(stored.path("status")).isEqualTo(full.path("status"));
    List<String> seen = new ArrayList<>();
    definition.walkValues(stored, (path, value) -> seen.add(path));
    definition.walkStatus((path, schema) -> assertThat(seen).contains(path));
  }

  @TestFactory
  Stream<DynamicTest> refusesWhatIsBeyondABound(Server server) {
    return GoldenCases.of(getClass())
        .tests(
            goldenCase -> {
              // Given
              Definition definition = Definition.of(goldenCase.name());
              server.create(Corpus.full(definition.kind()));
              // When
              List<String> said =
                  Bounds.ofStatus(definition).stream()
                      .map(bound -> bound.name() + "\n" + said(server, bound.beyond()))
                      .toList();
              // Then
              goldenCase.expect("refusals.txt", String.join("", said));
              assertThat(said).noneMatch(text -> text.endsWith("  taken\n"));
            });
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void takesWhatIsAtABound(Definition definition, Server server) {
    // Given
    server.create(Corpus.full(definition.kind()));
    List<String> refused = new ArrayList<>();
    // When
    for (Bounds bound : Bounds.ofStatus(definition)) {
      String said = bound.at().map(status -> said(server, status)).orElse("  taken\n");
      if (!said.equals("  taken\n")) {
        refused.add(bound.name() + "\n" + said);
      }
    }
    // Then
    assertThat(refused).isEmpty();
  }

  private static String said(Server server, ObjectNode object) {
    ObjectNode change = object.deepCopy();
    change.retain("status");
    Answer answer = server.tryMergeStatus(object, change);
    List<String> lines = answer.isRefusal() ? answer.lines() : List.of("taken");
    return lines.stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
  }
}
