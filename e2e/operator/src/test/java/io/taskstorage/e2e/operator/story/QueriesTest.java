package io.taskstorage.e2e.operator.story;

import static io.taskstorage.e2e.operator.story.Manifests.clusterPolicy;
import static io.taskstorage.e2e.operator.story.Manifests.map;
import static io.taskstorage.e2e.operator.story.Manifests.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.e2e.operator.Promtool;
import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.OperatorCluster;
import io.taskstorage.testkit.cluster.OperatorTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is scraped of agents and a controller at work, and what Prometheus' own engine finds in it.
 */
@OperatorTest
class QueriesTest {
  private static final Path ROOT = Path.of(System.getProperty("root.dir", "."));
  private static final Path MONITORING = ROOT.resolve("operator/deploy/monitoring");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern SELECTOR = Pattern.compile("taskstorage_[a-z_]+(?:\\{[^}]*})?");
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z_]+)`");

  /** What is said of agents on a plane that none here is on, since the kernel offers the better. */
  private static final String OTHER_PLANE = "{plane=\"Rescan\"}";

  @TempDir Path folder;

  @Test
  void queriesFindWhatTheyAskFor(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "queries",
        cluster,
        tasks,
        stage -> {
          // Given
          Scrapes scrapes = new Scrapes(cluster.addresses());
          stage.namespace("queries-shop", "team=shop");
          stage.pod(cluster.host(1), "queries-shop", "one", "app=cart");
          stage.apply(map("queries", "queries"));
          program(stage, "1");
          scrapes.take();
          List<String> seriesOfOnePod = scrapes.series("agent-1");

          // When
          for (String name : List.of("two", "three")) {
            String rows = name.equals("two") ? "2.0" : "3.0";
            stage.pod(
                cluster.host(1),
                "queries-shop",
                name,
                "app=cart",
                () -> scrapes.now("agent-1", "taskstorage_rows").equals(rows));
          }
          program(stage, "2");
          scrapes.take();

          // Then
          assertThat(scrapes.series("agent-1"))
              .isEqualTo(seriesOfOnePod)
              .hasSizeLessThanOrEqualTo(80);
          assertThat(scrapes.metrics()).hasSizeGreaterThanOrEqualTo(30);
          assertThat(documented()).containsAll(scrapes.metrics());
          assertThat(ask(scrapes)).contains("SUCCESS");
        });
  }

  /** Sets {@code qos}, and waits until the status says so. */
  private static void program(Stage stage, String qos) {
    stage.apply(
        clusterPolicy(
            "queries", "queries", "Baseline", "team: shop", "app: cart", value("qos", qos)));
    stage.kubectl(
        "wait --for=jsonpath={.status.programmedGeneration}=%s --timeout=180s ctspolicy/queries"
            .formatted(qos));
  }

  private static Set<String> documented() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String page : List.of("metrics.md", "controller-metrics.md")) {
      DOCUMENTED
          .matcher(Files.readString(ROOT.resolve("docs/reference").resolve(page)))
          .results()
          .forEach(row -> names.add(row.group(1)));
    }
    return names;
  }

  /**
   * Every query of the dashboard finds something. No alert would fire, and yet every selector of
   * its expression finds something.
   */
  private String ask(Scrapes scrapes) throws IOException {
    List<Map<String, Object>> questions = new ArrayList<>();
    for (JsonNode query :
        YAML.readTree(MONITORING.resolve("dashboard.json").toFile()).findValues("expr")) {
      String interval = query.asText().replace("$__rate_interval", "5m");
      questions.add(question("count(%s) >= bool 1".formatted(interval), 1));
    }
    for (JsonNode query :
        YAML.readTree(MONITORING.resolve("alerts.yaml").toFile()).findValues("expr")) {
      questions.add(question("count(%s) or vector(0)".formatted(query.asText()), 0));
      for (String selector :
          SELECTOR
              .matcher(query.asText())
              .results()
              .map(r -> r.group().replace(OTHER_PLANE, ""))
              .collect(Collectors.toSet())) {
        questions.add(question("count(%s) >= bool 1".formatted(selector), 1));
      }
    }
    Path tests = folder.resolve("queries.test.yaml");
    YAML.writeValue(
        tests.toFile(),
        Map.of(
            "evaluation_interval",
            "1m",
            "tests",
            List.of(
                Map.of(
                    "interval",
                    "1m",
                    "input_series",
                    scrapes.forPromtool(),
                    "promql_expr_test",
                    questions))));
    return Promtool.run("test", "rules", tests.toString());
  }

  private static Map<String, Object> question(String query, int answer) {
    return Map.of(
        "expr",
        query,
        "eval_time",
        "1m",
        "exp_samples",
        List.of(Map.of("labels", "{}", "value", answer)));
  }
}
