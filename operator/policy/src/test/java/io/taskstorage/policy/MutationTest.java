package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Manifest;
import io.taskstorage.api.v1alpha1.ManifestProblem;
import io.taskstorage.api.v1alpha1.Manifests;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands in a document, reading and judging it end with an answer and one line a problem.
 */
class MutationTest {

  private static final int ROUNDS = 10_000;

  private static final TaskStorageMap MAP = Corpus.mapWith("{}");

  private static final List<String> WORDS =
      List.of(
          "",
          "/",
          "/a",
          "a",
          "a-b",
          "a.b",
          "A",
          "0",
          "-1",
          "true",
          "U8",
          "Char",
          "In",
          "Exists",
          "Admin",
          "Selector",
          "kubepods.slice",
          "a@.service",
          "%s %d",
          "\n",
          "\u0000",
          "é",
          "\uD800",
          "taskstorage.io",
          "TaskStorageMap",
          "[1]",
          "qos",
          "9".repeat(70),
          "x".repeat(9000));

  @Test
  void everyMutationGetsAnAnswer() throws Exception {
    // Given
    List<JsonNode> seeds = seeds();
    Random random = new Random(7);
    int accepted = 0;
    int refused = 0;
    int broken = 0;
    for (int round = 0; round < ROUNDS; round++) {
      JsonNode document = seeds.get(random.nextInt(seeds.size())).deepCopy();
      for (int i = random.nextInt(4); i >= 0; i--) {
        mutate(document, random);
      }
      // When
      switch (Manifests.parse(document)) {
        case Manifest.Broken(var _, var _, List<ManifestProblem> problems) -> {
          broken++;
          assertThat(problems).isNotEmpty().allMatch(MutationTest::isOneLine);
        }
        case Manifest.OfMap(TaskStorageMap map) -> {
          if (judge(List.of(map), List.of()).maps().sequencedValues().getFirst()
              instanceof Verdict.Accepted<?>) {
            accepted++;
          } else {
            refused++;
          }
        }
        case Manifest.OfClusterPolicy(ClusterTaskStoragePolicy policy) -> {
          if (judge(List.of(MAP), List.of(policy)).policies().sequencedValues().getFirst()
              instanceof Verdict.Accepted<?>) {
            accepted++;
          } else {
            refused++;
          }
        }
        case Manifest.OfPolicy _, Manifest.Foreign _ -> {}
      }
    }
    // Then
    assertThat(accepted).isGreaterThan(ROUNDS / 50);
    assertThat(refused).isGreaterThan(ROUNDS / 20);
    assertThat(broken).isGreaterThan(ROUNDS / 10);
  }

  private static boolean isOneLine(ManifestProblem problem) {
    return problem.message().contains(": ")
        && problem.toString().indexOf('\n') < 0
        && problem.toString().length() < 2_000;
  }

  private static AcceptedSet judge(
      List<TaskStorageMap> maps, List<ClusterTaskStoragePolicy> policies) {
    AcceptedSet[] set = new AcceptedSet[1];
    assertThatCode(() -> set[0] = Corpus.accept(maps, policies, Map.of()))
        .doesNotThrowAnyException();
    Stream.concat(set[0].maps().values().stream(), set[0].policies().values().stream())
        .forEach(
            verdict -> {
              if (verdict instanceof Verdict.Refused<?>(var _, List<Problem> problems)) {
                // One line, with a path, a cause and a mend; never a long text of somebody's.
                assertThat(problems)
                    .allMatch(p -> p.message().indexOf('\n') < 0)
                    .allMatch(p -> !p.path().isEmpty() && p.path().indexOf('\n') < 0)
                    .allMatch(p -> p.message().length() < 400);
              }
            });
    return set[0];
  }

  private static List<JsonNode> seeds() throws Exception {
    List<JsonNode> seeds = new ArrayList<>();
    try (Stream<Path> tables = Files.list(Path.of("src/test/resources/AcceptanceTest"))) {
      for (Path table : tables.sorted().filter(t -> t.toString().endsWith("-accepted")).toList()) {
        boolean ofMaps = table.toString().matches(".*/(map|selectors)-accepted");
        for (JsonNode testCase : Corpus.documents(table.resolve("cases.yaml"))) {
          seeds.add(ofMaps ? Corpus.mapDocument(testCase) : Corpus.policyDocument(testCase));
        }
      }
    }
    return seeds;
  }

  private static void mutate(JsonNode document, Random random) {
    JsonNode node = document;
    // Each level is as likely to be hit, so that deep places are reached.
    for (int depth = random.nextInt(8); depth > 0; depth--) {
      List<JsonNode> below = new ArrayList<>();
      node.forEach(
          child -> {
            if (child.isContainerNode() && !child.isEmpty()) {
              below.add(child);
            }
          });
      if (below.isEmpty()) {
        break;
      }
      node = below.get(random.nextInt(below.size()));
    }
    switch (node) {
      case ObjectNode object -> mutateObject(object, random);
      case ArrayNode array -> mutateArray(array, random);
      default -> {}
    }
  }

  private static void mutateObject(ObjectNode object, Random random) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    String name = names.isEmpty() ? "x" : names.get(random.nextInt(names.size()));
    switch (random.nextInt(6)) {
      case 0 -> object.remove(name);
      case 1 -> object.set(word(random), object.remove(name));
      case 2 -> object.set(name + "x", value(random));
      default -> object.set(name, value(random));
    }
  }

  private static void mutateArray(ArrayNode array, Random random) {
    int index = random.nextInt(array.size() + 1);
    switch (random.nextInt(4)) {
      case 0 -> array.remove(index);
      case 1 -> array.addAll(array.deepCopy());
      case 2 -> array.insert(index, value(random));
      default -> {
        if (index < array.size()) {
          array.set(index, value(random));
        }
      }
    }
  }

  private static JsonNode value(Random random) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (random.nextInt(10)) {
      case 0 -> json.nullNode();
      case 1 -> json.numberNode(random.nextInt(5) - 1);
      case 2 -> json.numberNode(random.nextDouble());
      case 3 -> json.booleanNode(random.nextBoolean());
      case 4 -> json.arrayNode();
      case 5 -> json.objectNode();
      default -> json.textNode(word(random));
    };
  }

  private static String word(Random random) {
    return WORDS.get(random.nextInt(WORDS.size()));
  }
}
