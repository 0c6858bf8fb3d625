package io.taskstorage.agent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    AgentMetrics metrics = new AgentMetrics("1.0", "Rescan");
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
  void thereAreEnoughAndNotTooManySeries() {
    // When
    List<MetricSnapshot> snapshots = used().registry().scrape().stream().toList();

    // Then
    assertThat(snapshots).hasSizeGreaterThanOrEqualTo(20);
    int series = snapshots.stream().mapToInt(each -> each.getDataPoints().size()).sum();
    // The buckets, the sum and the count of the histogram are series too.
    assertThat(series + 6).isLessThanOrEqualTo(80);
  }
}
