package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nobody pays for expressions who writes none. */
class CelLoadingTest {

  /** Judges policies and resolves a pod's values in a JVM of its own. */
  static final class Main {
    private Main() {}

    /** Takes the source of a value in YAML. */
    public static void main(String[] arguments) {
      ClusterTaskStoragePolicy policy =
          Corpus.policyWith(
              """
              spec:
                subject: {hostProcesses: null, pods: {namespaceSelector: {}}}
                values: [{field: app, %s}]
              """
                  .formatted(arguments[0]));
      AcceptedSet set = Corpus.accept(List.of(Corpus.mapWith("{}")), List.of(policy), Map.of());
      SubjectFacts facts = new SubjectFacts.Pod(Pods.pod("shop", "web-0"));
      NodeFacts node = new NodeFacts("n", Map.of());
      System.out.println(
          Resolution.resolve(set.acceptedPolicies(), set.acceptedMaps(), facts, node).size());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          false | value: shop
          false | valueFrom: {fieldRef: {fieldPath: metadata.name}}
          true  | valueFrom: {cel: {expression: pod.name}}
          """)
  void libraryIsLoadedForExpressionsAlone(boolean loaded, String source) {
    // When
    Outcome outcome =
        ChildJvm.of(Main.class.getName())
            .options("-Xlog:class+load", "--sun-misc-unsafe-memory-access=allow")
            .arguments(source)
            .command()
            .run();
    // Then
    assertThat(outcome.stdout().lines()).contains("1");
    assertThat(outcome.stdout()).contains(" io.taskstorage.policy.Acceptance ");
    assertThat(outcome.stdout().contains(" dev.cel.")).isEqualTo(loaded);
    assertThat(outcome.stdout().contains(" com.google.protobuf.")).isEqualTo(loaded);
  }
}
