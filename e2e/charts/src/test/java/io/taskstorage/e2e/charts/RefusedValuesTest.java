package io.taskstorage.e2e.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.GoldenCases;
import io.taskstorage.testkit.Outcome;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Values that no cluster would take, and what Helm says of them before it asks one. */
class RefusedValuesTest {

  @TestFactory
  Stream<DynamicTest> valuesAreRefused() {
    return GoldenCases.of(getClass())
        .tests(
            c -> {
              Outcome outcome = Helm.template(Helm.OPERATOR, c.text("values.yaml"));
              assertThat(outcome.exitCode()).isNotZero();
              assertThat(outcome.stdout()).isEmpty();
              c.expect("message.txt", plain(outcome.stderr()));
            });
  }

  @Test
  void otherValuesOfTheDefinitionsAreRefused() {
    Outcome outcome = Helm.template(Helm.DEFINITIONS, "kept: true");
    assertThat(outcome.exitCode()).isNotZero();
    assertThat(plain(outcome.stderr())).contains("additional properties 'kept' not allowed");
  }

  @Test
  void clustersThatAreTooOldAreRefused() {
    Outcome outcome = Helm.template(Helm.OPERATOR, "", "--kube-version", "1.32.0");
    assertThat(outcome.exitCode()).isNotZero();
    assertThat(plain(outcome.stderr()))
        .contains(
            "chart requires kubeVersion: >=1.33.0-0 which is incompatible with Kubernetes v1.32.0");
  }

  /** Helm tells of links in a chart, where it is on this machine, and of lines that move. */
  private static String plain(String said) {
    return said.lines()
        .filter(line -> !line.contains("found symbolic link in path"))
        .map(line -> line.replace(Helm.ROOT.toString(), "ROOT"))
        .map(line -> line.replaceAll("file:///\\S*(charts/\\S*)", "file:///$1"))
        .map(line -> line.replaceAll("[.]yaml(:[0-9]+){2}[)]", ".yaml)"))
        .reduce("", (all, line) -> all + line + "\n");
  }
}
