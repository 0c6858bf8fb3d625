package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.GoldenCases;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What kubectl shows to people. */
@ApiServerTest
@NewestOnly
@ExtendWith(ServerParameter.class)
class KubectlTest {

  private static final Pattern AGE = Pattern.compile("(?m) [0-9]+[smh][0-9ms]*$");
  private static final Pattern TIME =
      Pattern.compile("(Creation Timestamp:|Time:) ( *)20[0-9]{2}-[0-9T:-]+Z");
  private static final Pattern UID = Pattern.compile("(UID: +)[0-9a-f-]{36}");
  private static final Pattern VERSION = Pattern.compile("(Resource Version: +)[0-9]+");

  @TestFactory
  Stream<DynamicTest> shows(ApiServer kubernetes, Server server) {
    Definition.all().forEach(d -> server.createWithStatus(Corpus.full(d.kind())));
    return GoldenCases.of(getClass())
        .tests(
            goldenCase -> {
              // Given
              String[] arguments = goldenCase.text("arguments.txt").strip().split(" ");
              // When
              String shown = kubernetes.kubectl(arguments).stdoutIfDone();
              // Then
              goldenCase.expect("output.txt", timeless(shown));
            });
  }

  private static String timeless(String shown) {
    String text = AGE.matcher(shown).replaceAll(" AGE");
    text = TIME.matcher(text).replaceAll("$1 $2TIME");
    text = UID.matcher(text).replaceAll("$1UID");
    return VERSION.matcher(text).replaceAll("$1N").stripTrailing() + "\n";
  }

  @Test
  void tellsEveryProblemAtOnceAndWhere(ApiServer kubernetes) {
    // Given
    String manifest =
        Corpus.yaml(
            Corpus.changed(
                "map",
                "{metadata: {name: a.b}, spec: {bpfName: a.b, maxFailedNodes: 200%,"
                    + " value: {typeName: int}}}"));
    // When
    String said = kubernetes.kubectlWithInput(manifest, "apply", "-f", "-").stderr();
    // Then
    assertThat(said)
        .startsWith("The TaskStorageMap \"a.b\" is invalid: \n")
        .contains("* metadata.name: Invalid value: metadata.name must be at most 63")
        .contains("* spec.bpfName: Invalid value: \"a.b\": bpfName must be 1 to 15 letters")
        .contains("* spec.maxFailedNodes: Invalid value: \"200%\": maxFailedNodes must be a number")
        .contains("* spec.value.typeName: Invalid value: \"int\": typeName must not be a word");
  }

  @Test
  void selectsByFields(ApiServer kubernetes, Server server) {
    // Given
    Definition.all().forEach(d -> server.createWithStatus(Corpus.full(d.kind())));
    // Then
    assertThat(names(kubernetes, "tsmap", "spec.bpfName=tenant_ctx"))
        .isEqualTo("taskstoragemap.taskstorage.io/tenant-ctx\n");
    assertThat(names(kubernetes, "tsmap", "spec.bpfName=other")).isEmpty();
    assertThat(names(kubernetes, "tsmap", "spec.reclaimPolicy=Delete"))
        .isEqualTo("taskstoragemap.taskstorage.io/tenant-ctx\n");
    assertThat(names(kubernetes, "ctspolicy", "spec.tier=Baseline")).isEmpty();
    assertThat(names(kubernetes, "tsnode", "status.agent.propagation=InKernel"))
        .isEqualTo("taskstoragenodestate.taskstorage.io/node-0101\n");
  }

  private static String names(ApiServer kubernetes, String kind, String selector) {
    return kubernetes
        .kubectl("get", kind, "--field-selector", selector, "-o", "name")
        .stdoutIfDone();
  }
}
