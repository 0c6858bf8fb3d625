package io.taskstorage.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.testkit.FuzzInputs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Fields that nobody knows, added to good manifests: each is told once, and hides no other problem;
 * a client, who takes what he does not know, loses nothing.
 *
 * <p>An input is a letter for the manifest, then one line for each field: a letter for the object
 * that gets it, and its name.
 */
class UnknownFieldsFuzzTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static final List<JsonNode> GOOD =
      Documents.wellFormed().stream().filter(document -> document.path("spec").isObject()).toList();

  private static final Map<String, Class<? extends Record>> SPECS =
      Map.of(
          TaskStorageMap.KIND, TaskStorageMapSpec.class,
          ClusterTaskStoragePolicy.KIND, ClusterTaskStoragePolicySpec.class,
          TaskStoragePolicy.KIND, TaskStoragePolicySpec.class);

  private static final Map<String, JsonNode> SCHEMAS = new TreeMap<>();

  static {
    SPECS.keySet().forEach(kind -> SCHEMAS.put(kind, Crds.schema(kind)));
  }

  /** An object that has properties of its own, and those that it may have. */
  private record Place(String pointer, String path, JsonNode schema) {}

  @FuzzTest
  @Timeout(10)
  void unknownFields(byte[] input) throws JsonProcessingException {
    String text = new String(input, StandardCharsets.UTF_8);
    if (text.isEmpty()) {
      return;
    }
    JsonNode good = GOOD.get(text.charAt(0) % GOOD.size());
    ObjectNode document = good.deepCopy();
    // Something else that is wrong, which must be told all the same.
    ((ObjectNode) document.path("metadata")).put("labels", 7);
    assertThat(problems(good)).isEmpty();
    List<String> wrong = problems(document);
    assertThat(wrong).hasSize(1);
    List<Place> places = new ArrayList<>();
    JsonNode schema = Objects.requireNonNull(SCHEMAS.get(good.path("kind").asText()));
    collect(good.path("spec"), schema.at("/properties/spec"), "/spec", "spec", places);
    List<Place> added = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (String line : text.substring(1).split("\n", -1)) {
      if (!line.isEmpty()) {
        Place place = places.get(line.charAt(0) % places.size());
        String name = line.substring(1);
        ObjectNode object = (ObjectNode) document.at(place.pointer());
        if (!place.schema().path("properties").has(name) && !object.has(name)) {
          object.put(name, "x");
          added.add(place);
          names.add(name);
        }
      }
    }
    List<String> told = new ArrayList<>(problems(document));
    assertThat(told).hasSize(wrong.size() + added.size()).containsAll(wrong);
    told.removeAll(wrong);
    for (int i = 0; i < added.size(); i++) {
      String at = added.get(i).path() + "." + shown(names.get(i)) + ": unknown field: ";
      // Two names that cannot be shown may look alike: one of their lines for each.
      String line = told.stream().filter(each -> each.startsWith(at)).findFirst().orElse("");
      assertThat(told.remove(line)).as("%s in %s", at, told).isTrue();
      assertThat(line).doesNotContain("\n");
    }
    // Where the records themselves keep what they do not know: no version calls a field so.
    if (!names.contains("unknownFields")) {
      losesNothing(good, document);
    }
  }

  @TestFactory
  Stream<DynamicTest> kept() {
    return FuzzInputs.of(getClass()).tests(1_500, this::unknownFields);
  }

  private static List<String> problems(JsonNode document) {
    return Manifests.parse(document) instanceof Manifest.Broken(var _, var _, var problems)
        ? problems.stream().map(ManifestProblem::toString).toList()
        : List.of();
  }

  /** As a client reads and writes it: what a newer server sent comes back unchanged. */
  private static void losesNothing(JsonNode good, JsonNode document)
      throws JsonProcessingException {
    Class<? extends Record> type = SPECS.get(good.path("kind").asText());
    JsonNode before = JSON.valueToTree(JSON.treeToValue(good.path("spec"), type));
    JsonNode after = JSON.valueToTree(JSON.treeToValue(document.path("spec"), type));
    assertThat(before).isEqualTo(good.path("spec"));
    assertThat(after).isEqualTo(document.path("spec"));
  }

  private static void collect(
      JsonNode json, JsonNode schema, String pointer, String path, List<Place> into) {
    if (json.isArray()) {
      for (int i = 0; i < json.size(); i++) {
        String at = "%s[%d]".formatted(path, i);
        collect(json.path(i), schema.path("items"), pointer + "/" + i, at, into);
      }
    } else if (json.isObject() && schema.has("properties")) {
      into.add(new Place(pointer, path, schema));
      for (Map.Entry<String, JsonNode> entry : json.properties()) {
        String name = entry.getKey();
        JsonNode below = schema.path("properties").path(name);
        collect(entry.getValue(), below, pointer + "/" + name, path + "." + name, into);
      }
    }
  }

  private static String shown(String name) {
    boolean isPlain =
        !name.isEmpty()
            && name.length() <= 317
            && name.chars().allMatch(c -> c >= ' ' && c <= '~')
            && name.strip().equals(name);
    return isPlain ? name : "(a name of %d characters)".formatted(name.length());
  }
}
