package io.taskstorage.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

class ApiServerExtensionTest {
  @Test
  void nothingIsSkippedInCi() {
    assertThat(
            ApiServerExtension.decide(
                    "optional",
                    "true",
                    ApiServerExtensionTest::notAsked,
                    ApiServerExtensionTest::notAsked)
                .isDisabled())
        .isFalse();
  }

  @Test
  void withoutGoItIsSkippedWithTheReason() {
    // When
    ConditionEvaluationResult result =
        ApiServerExtension.decide(
            "required", null, ApiServerExtensionTest::noGo, ApiServerExtensionTest::notAsked);

    // Then
    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason()).contains("find go: no Go 1.26");
  }

  @Test
  void itIsBuiltIfNeedBe() {
    assertThat(
            ApiServerExtension.decide(
                    null, null, ApiServerExtensionTest::there, ApiServerExtensionTest::notAsked)
                .isDisabled())
        .isFalse();
  }

  @Test
  void innerLoopBuildsNothing() {
    assertThat(
            ApiServerExtension.decide(
                    "optional",
                    null,
                    ApiServerExtensionTest::there,
                    ApiServerExtensionTest::notBuilt)
                .getReason())
        .contains("find programs: not built");
    assertThat(
            ApiServerExtension.decide(
                    "optional", null, ApiServerExtensionTest::there, ApiServerExtensionTest::there)
                .isDisabled())
        .isFalse();
  }

  private static Outcome there() {
    return new Outcome(List.of("x"), 0, "/path\n", "");
  }

  private static Outcome noGo() {
    return new Outcome(List.of("x"), 1, "", "find go: no Go 1.26\n");
  }

  private static Outcome notBuilt() {
    return new Outcome(List.of("x"), 1, "", "find programs: not built\n");
  }

  private static Outcome notAsked() {
    throw new AssertionError("asked");
  }
}
