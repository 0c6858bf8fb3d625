package io.taskstorage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredComputation;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.cli.input.ManifestReader;
import io.taskstorage.cli.input.ManifestSet;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured is what the figures say: a cluster on which every object is in force. */
class SampleClusterTest {
  private static SampleCluster cluster(SampleCluster.Source source) {
    return new SampleCluster(60, 200, 16, source);
  }

  private static Desired compute(Observed observed) {
    return DesiredComputation.of(observed, ClusterNode.NODE, LastAccepted.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void everyObjectIsAccepted(SampleCluster.Source source) {
    // When
    Desired desired = compute(ClusterNode.observed(cluster(source)));

    // Then
    assertThat(desired.judged()).hasSize(216);
    assertThat(desired.judged())
        .allSatisfy(judged -> assertThat(judged.verdict()).isInstanceOf(Verdict.Accepted.class));
    assertThat(desired.maps()).hasSize(16);
  }

  @ParameterizedTest
  @EnumSource
  void everyPodHasValuesAndTheyCanBeComputed(SampleCluster.Source source) {
    // When
    Desired desired = compute(ClusterNode.observed(cluster(source)));

    // Then
    assertThat(desired.rows().values().stream().map(row -> row.cgroup().path()))
        .filteredOn(path -> path.endsWith(".slice"))
        .hasSize(60);
    assertThat(
            desired.rows().values().stream()
                .flatMap(row -> row.explanations().values().stream())
                .flatMap(List::stream))
        .allMatch(explanation -> explanation.zeroBecause().isEmpty())
        .anyMatch(explanation -> explanation.losers().size() > 5)
        .extracting(Explanation::field)
        .contains("tenant", "qos");
  }

  @ParameterizedTest
  @EnumSource
  void anotherLabelGivesThatPodOtherValuesAndNobodyElse(SampleCluster.Source source) {
    // Given
    Desired before = compute(ClusterNode.observed(cluster(source)));

    // When
    Desired after = compute(ClusterNode.withOneLabelChanged(cluster(source)));

    // Then
    assertThat(
            after.rows().values().stream()
                .filter(row -> !row.equals(before.rows().get(row.cgroup().id())))
                .map(row -> row.cgroup().path()))
        .isNotEmpty()
        .allMatch(path -> path.contains("kubepods-pod00000000_0000_4000_8000_000000000000.slice"));
  }

  @ParameterizedTest
  @EnumSource
  void anotherPolicyGivesEveryPodOtherValues(SampleCluster.Source source) {
    // Given
    Desired before = compute(ClusterNode.observed(cluster(source)));

    // When
    Desired after = compute(ClusterNode.withOnePolicyChanged(cluster(source)));

    // Then
    assertThat(
            after.rows().values().stream()
                .filter(row -> row.cgroup().path().endsWith(".slice"))
                .filter(
                    row ->
                        Optional.ofNullable(before.rows().get(row.cgroup().id()))
                            .filter(earlier -> !earlier.row().equals(row.row()))
                            .isPresent()))
        .hasSize(60);
  }

  @Test
  void filesSayOfPodsWhatTheEngineIsGiven(@TempDir Path folder) throws IOException {
    // Given
    SampleCluster cluster = cluster(SampleCluster.Source.MIXED);
    Path pods = folder.resolve("pods.json");
    PodList.write(cluster, pods);
    Path namespaces = Files.writeString(folder.resolve("ns.yaml"), cluster.namespacesYaml());
    ManifestReader reader = new ManifestReader("test", "default");

    // When
    reader.read(pods.toString(), false, InputStream.nullInputStream());
    reader.read(namespaces.toString(), false, InputStream.nullInputStream());
    ManifestSet set = reader.set();

    // Then
    assertThat(set.problems()).isEmpty();
    assertThat(set.clusterProblems()).isEmpty();
    assertThat(set.cluster().podFacts())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, cluster.pods()).mapToObj(cluster::pod).toList());
  }
}
