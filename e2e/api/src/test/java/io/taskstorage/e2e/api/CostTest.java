package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules are cheap enough, by the server's own estimate, to leave room for larger bounds. */
@ApiServerTest
@ExtendWith(ServerParameter.class)
class CostTest {

  private static final List<String> BOUNDS = List.of("maxItems", "maxLength", "maxProperties");

  static Stream<Definition> definitions() {
    return Definition.all().stream();
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void isWithinTheBudgetWithAllBoundsDoubled(Definition definition, Server server) {
    // Given
    Definition copy = definition.copy("doubled.taskstorage.io");
    multiply(copy.crd().at("/spec/versions/0/schema"), 2);
    // When
    Answer answer = server.tryCreate(copy.crd());
    // Then
    assertThat(answer.code()).as("%s", answer.lines()).isEqualTo(201);
  }

  @Test
  void theServerWouldSayIfItWereNot(Server server) {
    // Given
    Definition copy = Definition.of("TaskStorageMap").copy("costly.taskstorage.io");
    multiply(copy.crd().at("/spec/versions/0/schema"), 32);
    // When
    Answer answer = server.tryCreate(copy.crd());
    // Then
    assertThat(answer.lines()).anyMatch(line -> line.contains("exceeds budget"));
  }

  private static void multiply(JsonNode node, int factor) {
    if (node instanceof ObjectNode object) {
      for (String bound : BOUNDS) {
        if (object.path(bound).isInt()) {
          object.put(bound, object.path(bound).asInt() * factor);
        }
      }
    }
    node.forEach(child -> multiply(child, factor));
  }
}
