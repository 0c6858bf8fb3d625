package io.taskstorage.policy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicySpec;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.Manifest;
import io.taskstorage.api.v1alpha1.Manifests;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageMapSpec;
import io.taskstorage.layout.Decoder;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages say what the code does: their manifests are valid, their results are computed. */
class DocumentationTest {

  private static final Path DOCS = Path.of(System.getProperty("root.dir", "../.."), "docs");
  private static final Path REFERENCE = DOCS.resolve("reference/manifests.md");
  private static final Path PRECEDENCE = DOCS.resolve("explanation/precedence.md");

  @Test
  void manifestsOfTheReferenceAreAccepted() throws IOException {
    // When
    AcceptedSet set = judge(REFERENCE);
    // Then
    assertThat(set.acceptedMaps()).hasSize(1);
    assertThat(set.acceptedPolicies()).hasSize(1);
    assertThat(set.maps()).hasSize(1);
    assertThat(set.policies()).hasSize(1);
  }

  @Test
  void referenceNamesEveryField() throws IOException {
    // Given
    List<String> fields = new ArrayList<>();
    collect(TaskStorageMapSpec.class, "spec", fields);
    collect(ClusterTaskStoragePolicySpec.class, "spec", fields);
    collect(LabelSelector.class, "", fields);
    // When
    String page = Files.readString(REFERENCE);
    // Then
    assertThat(fields).hasSizeGreaterThan(35);
    assertThat(fields).allMatch(field -> page.contains("\n| `" + field + "` |"));
  }

  @Test
  void valueOfTheExampleOfPrecedenceIsComputed() throws IOException {
    // Given
    AcceptedSet set = judge(PRECEDENCE);
    String service = "/system.slice/postgresql.service";
    NodeFacts node = new NodeFacts("n", Map.of());
    List<AcceptedPolicy> selecting =
        set.acceptedPolicies().stream()
            .filter(
                policy ->
                    Stream.of("/system.slice", service)
                        .map(SubjectFacts.HostCgroup::new)
                        .anyMatch(cgroup -> SubjectMatcher.selects(policy, cgroup, node)))
            .toList();
    // When
    ResolvedValue resolved =
        requireNonNull(Corpus.resolve(selecting, set.acceptedMaps()).get("tenant-ctx"));
    // Then
    AcceptedMap map = requireNonNull(set.acceptedMaps().get("tenant-ctx"));
    String fields =
        Decoder.decode(map.layout(), resolved.value().toBytes()).entrySet().stream()
            .map(field -> field.getKey() + " = " + field.getValue() + "\n")
            .collect(Collectors.joining());
    String explanations =
        resolved.explanations().stream()
            .map(explanation -> explanation.describe() + "\n")
            .collect(Collectors.joining());
    assertThat(selecting).hasSize(3);
    assertThat(blocks(PRECEDENCE, "text")).containsExactly(fields + explanations);
  }

  private static AcceptedSet judge(Path page) throws IOException {
    List<TaskStorageMap> maps = new ArrayList<>();
    List<ClusterTaskStoragePolicy> policies = new ArrayList<>();
    for (String block : blocks(page, "yaml")) {
      for (JsonNode document :
          Corpus.YAML.readerFor(JsonNode.class).<JsonNode>readValues(block).readAll()) {
        switch (Manifests.parse(document)) {
          case Manifest.OfMap(TaskStorageMap map) -> maps.add(map);
          case Manifest.OfClusterPolicy(ClusterTaskStoragePolicy policy) -> policies.add(policy);
          case Manifest other -> throw new AssertionError(page + ": " + other);
        }
      }
    }
    return Corpus.accept(maps, policies, Map.of());
  }

  private static List<String> blocks(Path page, String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(page))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  /** The paths of all properties; a selector has a section of its own. */
  private static void collect(Class<?> part, String path, List<String> fields) {
    for (RecordComponent component : part.getRecordComponents()) {
      if (component.getName().equals("unknownFields")) {
        continue;
      }
      String at = path.isEmpty() ? component.getName() : path + "." + component.getName();
      fields.add(at);
      Type type = component.getGenericType();
      Type element =
          type instanceof ParameterizedType generic && generic.getRawType() == List.class
              ? generic.getActualTypeArguments()[0]
              : type;
      if (element instanceof Class<?> inner && inner.isRecord() && inner != LabelSelector.class) {
        collect(inner, element.equals(type) ? at : at + "[]", fields);
      }
    }
  }
}
