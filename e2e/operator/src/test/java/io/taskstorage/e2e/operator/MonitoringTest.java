package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts come when they must, and neither they nor the dashboard ask for what nobody serves. */
@ApiServerTest // Not for the server: for Go, as all tests of this module.
class MonitoringTest {

  private static final Path FOLDER = Installation.FOLDER.resolve("monitoring");
  private static final Path ALERTS = FOLDER.resolve("alerts.yaml");
  private static final Path DOCS = Installation.ROOT.resolve("docs");
  private static final Path TESTS =
      Installation.ROOT.resolve("e2e/operator/src/test/resources/MonitoringTest/alerts.test.yaml");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern NAME = Pattern.compile("\\b(taskstorage|process|jvm)_[a-z_]+\\b");
  private static final Pattern HISTOGRAM_SERIES = Pattern.compile("_seconds_(bucket|sum|count)$");

  @TempDir Path folder;

  @Test
  void alertsComeWhenTheyMustAndOnlyThen() throws IOException {
    // Given
    Path rules = folder.resolve("rules.yaml");
    YAML.writeValue(rules.toFile(), YAML.readTree(ALERTS.toFile()).path("spec"));
    Path tests = Files.copy(TESTS, folder.resolve("alerts.test.yaml"));
    // Then
    assertThat(Promtool.run("check", "rules", rules.toString()))
        .contains("SUCCESS: 10 rules found");
    assertThat(Promtool.run("test", "rules", tests.toString())).contains("SUCCESS");
  }

  @Test
  void everyAlertIsTestedBothWays() throws IOException {
    // Given
    Set<String> silent = new TreeSet<>();
    Set<String> firing = new TreeSet<>();
    for (JsonNode test : YAML.readTree(TESTS.toFile()).findValues("alert_rule_test")) {
      for (JsonNode expected : test) {
        (expected.has("exp_alerts") ? firing : silent).add(expected.path("alertname").asText());
      }
    }
    // Then
    assertThat(silent).isEqualTo(alerts());
    assertThat(firing).isEqualTo(alerts());
  }

  @Test
  void everyAlertHasItsPage() throws IOException {
    for (JsonNode rule : rules()) {
      Path page = Installation.ROOT.resolve(rule.at("/annotations/runbook").asText());
      assertThat(page).isRegularFile();
      assertThat(Files.readString(page))
          .startsWith("# " + rule.path("alert").asText() + "\n")
          .contains("\n## What it costs\n", "\n## What to do\n");
    }
    try (Stream<Path> pages = Files.list(DOCS.resolve("runbooks"))) {
      assertThat(pages).hasSize(alerts().size());
    }
  }

  @Test
  void everyQueryAsksForWhatIsServed() throws IOException {
    // Given
    Set<String> served = new TreeSet<>();
    served.addAll(names(Files.readString(DOCS.resolve("reference/metrics.md"))));
    served.addAll(names(Files.readString(DOCS.resolve("reference/controller-metrics.md"))));
    // When
    Set<String> asked = new TreeSet<>();
    for (JsonNode expr : YAML.readTree(ALERTS.toFile()).findValues("expr")) {
      asked.addAll(names(expr.asText()));
    }
    for (JsonNode expr :
        YAML.readTree(FOLDER.resolve("dashboard.json").toFile()).findValues("expr")) {
      assertThat(names(expr.asText())).as(expr.asText()).isNotEmpty();
      asked.addAll(names(expr.asText()));
    }
    // Then
    assertThat(asked).hasSizeGreaterThan(10);
    assertThat(served).containsAll(asked);
  }

  /** The metrics that a text names; of a histogram the metric, not its series. */
  private static Set<String> names(String text) {
    return NAME.matcher(text)
        .results()
        .map(MatchResult::group)
        .map(name -> HISTOGRAM_SERIES.matcher(name).replaceFirst("_seconds"))
        .collect(Collectors.toSet());
  }

  private static Set<String> alerts() throws IOException {
    return StreamSupport.stream(rules().spliterator(), false)
        .map(rule -> rule.path("alert").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Iterable<JsonNode> rules() throws IOException {
    return StreamSupport.stream(
            YAML.readTree(ALERTS.toFile()).at("/spec/groups").spliterator(), false)
        .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
        .toList();
  }
}
