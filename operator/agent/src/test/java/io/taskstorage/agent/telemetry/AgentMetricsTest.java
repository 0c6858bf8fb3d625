package io.taskstorage.agent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.taskstorage.agent.Turn;
import io.taskstorage.agent.execute.Execution;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.agent.report.Report;
import io.taskstorage.agent.report.Standing;
import io.taskstorage.taskstore.Starts;
import io.taskstorage.taskstore.SweepResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
  private static final Path PAGE =
      Path.of(System.getProperty("root.dir", "../..")).resolve("docs/reference/metrics.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(.+?)(_total)?` \\|");
  private static final List<String> RESOURCES =
      List.of(
          "pods",
          "nodes",
          "namespaces",
          "taskstoragemaps",
          "clustertaskstoragepolicies",
          "taskstoragepolicies");

  private static AgentMetrics used() {
    AgentMetrics metrics = new AgentMetrics();
    metrics.agent("1.0", "Rescan");
    for (String resource : RESOURCES) {
      metrics.begins(resource);
      metrics.listed(resource, 3);
      metrics.event(resource);
      metrics.failed(resource, 500);
    }
    metrics.stateWritten(true);
    metrics.stateWritten(false);
    metrics.checkpoint(true);
    metrics.standing(true, false);
    return metrics;
  }

  @Test
  void thePageNamesWhatIsServed() throws IOException {
    // Given
    TreeSet<String> served = new TreeSet<>();

    // When
    used().registry().scrape().stream()
        .map(snapshot -> snapshot.getMetadata().getName())
        .forEach(served::add);

    // Then
    assertThat(ROW.matcher(Files.readString(PAGE)).results().map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(served);
  }

  @Test
  void whatIsMadeAgainIsCounted() {
    // Given
    AgentMetrics metrics = new AgentMetrics();
    SweepResult swept = new SweepResult(Map.of(), List.of(), 0, 0, 0, 0, 3);
    Step sweep = new Step.Sweep(new TreeMap<>());
    Turn.Taken taken =
        new Turn.Taken(
            Optional.empty(),
            Optional.empty(),
            new Execution(
                List.of(new Outcome.Done(sweep, new Outcome.Effect.Swept(swept))), InForce.NOTHING),
            new Report(List.of(), Standing.START),
            Starts.NONE,
            Map.of(),
            false);

    // When
    metrics.turn(taken, 1);
    metrics.turn(taken, 1);

    // Then
    assertThat(
            metrics.registry().scrape(name -> name.equals("taskstorage_restored")).stream()
                .flatMap(each -> each.getDataPoints().stream()))
        .singleElement()
        .isInstanceOfSatisfying(
            CounterDataPointSnapshot.class, point -> assertThat(point.getValue()).isEqualTo(6));
  }

  @Test
  void thereAreEnoughAndNotTooManySeries() {
    // When
    List<MetricSnapshot> snapshots = used().registry().scrape().stream().toList();

    // Then
    assertThat(snapshots).hasSizeGreaterThanOrEqualTo(20);
    int series = snapshots.stream().mapToInt(each -> each.getDataPoints().size()).sum();
    // The buckets, the sum and the count of the histogram are series too.
    assertThat(series + 4).isLessThanOrEqualTo(80);
  }
}
