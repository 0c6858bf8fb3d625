package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.layout.PlacedField;
import io.taskstorage.oracle.Oracle;
import io.taskstorage.oracle.RandomWorld;
import io.taskstorage.oracle.World;
import io.taskstorage.oracle.World.PlainPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The engine and a second, plain implementation agree on every subject of many random worlds. */
class OracleTest {

  private static final int WORLDS = Integer.getInteger("random.sequences", 500);
  private static final NodeFacts NODE = new NodeFacts(World.NODE_NAME, World.NODE_LABELS);

  private int decided;
  private int zeroed;
  private int refused;

  @Test
  void engineAndOracleAgree() {
    for (int seed = 0; seed < WORLDS; seed++) {
      // Given
      World world = RandomWorld.of(seed);
      Oracle oracle = new Oracle(world);
      // When
      AcceptedSet set = accepted(world);
      refused += set.policies().size() - set.acceptedPolicies().size();
      // Then
      for (PlainPod pod : world.pods()) {
        PodFacts facts = facts(pod, world);
        assertThat(engine(set, new SubjectFacts.Pod(facts)))
            .as("seed %d, %s", seed, pod)
            .isEqualTo(oracle.inPod(pod, null));
        for (ContainerFacts container : facts.containers()) {
          assertThat(engine(set, new SubjectFacts.Container(facts, container)))
              .as("seed %d, container %s of %s", seed, container.name(), pod)
              .isEqualTo(oracle.inPod(pod, container.name()));
        }
      }
      for (String path : List.of("/batch", "/batch/night", "/system.slice/a.service", "/other")) {
        assertThat(engine(set, new SubjectFacts.HostCgroup(path)))
            .as("seed %d, cgroup %s", seed, path)
            .isEqualTo(oracle.onHost(path));
      }
    }
    // The worlds hold what they are for.
    assertThat(decided).isGreaterThan(WORLDS);
    assertThat(zeroed).isGreaterThan(WORLDS / 4);
    assertThat(refused).isGreaterThan(WORLDS / 4);
  }

  @Test
  void oracleKnowsNothingOfTheEngine() throws IOException {
    try (Stream<Path> sources = Files.list(Path.of("src/test/java/io/taskstorage/oracle"))) {
      assertThat(sources.toList())
          .hasSize(5)
          .noneMatch(source -> read(source).contains("import io.taskstorage.policy"));
    }
  }

  private static AcceptedSet accepted(World world) {
    Map<String, NamespaceFacts> namespaces = new HashMap<>();
    world
        .namespaces()
        .forEach((name, labels) -> namespaces.put(name, new NamespaceFacts(name, labels)));
    return Acceptance.of(
        new AcceptanceInput(
            world.maps(), world.clusterPolicies(), world.policies(), namespaces, Map.of()));
  }

  private static PodFacts facts(PlainPod pod, World world) {
    return new PodFacts(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        pod.labels(),
        pod.annotations(),
        pod.serviceAccount(),
        World.NODE_NAME,
        new NamespaceFacts(
            pod.namespace(), Objects.requireNonNull(world.namespaces().get(pod.namespace()))),
        pod.containers().stream()
            .map(name -> new ContainerFacts(name, name + ":1", ContainerKind.REGULAR))
            .toList());
  }

  private Map<String, List<Oracle.Answer>> engine(AcceptedSet set, SubjectFacts facts) {
    SortedMap<String, ResolvedValue> resolved =
        Resolution.resolve(
            SubjectMatcher.selecting(set.acceptedPolicies(), facts, NODE),
            set.acceptedMaps(),
            facts,
            NODE);
    Map<String, List<Oracle.Answer>> answers = new TreeMap<>();
    resolved.forEach(
        (name, value) -> {
          AcceptedMap map = Objects.requireNonNull(set.acceptedMaps().get(name));
          List<Oracle.Answer> fields = new ArrayList<>();
          for (Explanation explanation : value.explanations()) {
            decided += explanation.winner().isPresent() ? 1 : 0;
            zeroed += explanation.zeroBecause().isPresent() ? 1 : 0;
            PlacedField placed = map.layout().field(explanation.field()).orElseThrow();
            fields.add(
                new Oracle.Answer(
                    explanation.field(),
                    winner(explanation.winner()),
                    HexFormat.of().formatHex(value.value().fieldBytes(placed))));
          }
          answers.put(name, fields);
        });
    return answers;
  }

  @SuppressWarnings("NullAway") // The oracle's answer has null where nobody decides.
  private static String winner(Optional<Explanation.Candidate> winner) {
    return winner.map(candidate -> candidate.policy().toString()).orElse(null);
  }

  private static String read(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new AssertionError(source.toString(), e);
    }
  }
}
