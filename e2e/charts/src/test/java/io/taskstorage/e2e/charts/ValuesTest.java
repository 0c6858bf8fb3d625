package io.taskstorage.e2e.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.GoldenCases;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What each value changes, against what the chart installs without any. */
class ValuesTest {

  private static final Rendering DEFAULT = Helm.rendering(Helm.OPERATOR, "");

  @TestFactory
  Stream<DynamicTest> valuesChange() {
    return GoldenCases.of(getClass())
        .tests(
            c -> {
              String values = c.text("values.yaml");
              String changes = DEFAULT.changesTo(Helm.rendering(Helm.OPERATOR, values));
              assertThat(changes).as("a case changes something").isNotEmpty();
              c.expect("changes.txt", changes);
            });
  }

  @Test
  void valuesThatAreTheDefaultsChangeNothing() throws IOException {
    String defaults = Files.readString(Helm.OPERATOR.resolve("values.yaml"));
    assertThat(DEFAULT.changesTo(Helm.rendering(Helm.OPERATOR, defaults))).isEmpty();
  }

  @Test
  void alertsAreThoseOfTheRepository() throws IOException {
    Rendering written =
        Rendering.of(Files.readString(Helm.ROOT.resolve("operator/deploy/monitoring/alerts.yaml")));
    Rendering byHelm = Helm.rendering(Helm.OPERATOR, "monitoring: {alerts: {enabled: true}}");
    assertThat(byHelm.object("PrometheusRule/taskstorage").path("spec"))
        .isEqualTo(written.object("PrometheusRule/taskstorage").path("spec"));
  }
}
