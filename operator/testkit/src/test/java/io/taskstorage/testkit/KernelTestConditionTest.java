package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.KernelTest.Need;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelTestConditionTest {
  @Test
  void runsWhereAllIsThere() {
    ConditionEvaluationResult result =
        KernelTestCondition.decide(
            new Need[] {Need.BPFFS}, KernelTestConditionTest::allThere, true);

    assertThat(result.isDisabled()).isFalse();
    assertThat(result.getReason()).contains("this kernel has [BPF, BPFFS]");
  }

  @Test
  void skipsWithTheReasonWhereSomethingIsMissing() {
    ConditionEvaluationResult result =
        KernelTestCondition.decide(
            new Need[] {Need.CGROUP2}, KernelTestConditionTest::noCgroup2, false);

    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason()).contains("no cgroup2 here");
  }

  @Test
  void runsWhereOnlyWhatItDoesNotNeedIsMissing() {
    assertThat(
            KernelTestCondition.decide(new Need[0], KernelTestConditionTest::noCgroup2, true)
                .isDisabled())
        .isFalse();
  }

  @Test
  void bpfIsAlwaysNeeded() {
    assertThat(
            KernelTestCondition.decide(new Need[0], KernelTestConditionTest::noBpf, false)
                .getReason())
        .contains("bpf(2) refused");
  }

  @Test
  void failsWhereRequired() {
    assertThatThrownBy(
            () ->
                KernelTestCondition.decide(
                    new Need[] {Need.CGROUP2}, KernelTestConditionTest::noCgroup2, true))
        .hasMessage(
            "kernel test: no cgroup2 here"
                + " (kernel tests are required here: CI=true or -Dkernel.tests=required)");
  }

  @ParameterizedTest
  @CsvSource({
    "required,,     true",
    "optional,true, true",
    ",        true, true",
    "optional,false,false",
    ",        1,    false",
    ",        ,     false"
  })
  void isRequiredByPropertyOrEnvironment(String property, String ci, boolean required) {
    assertThat(KernelTestCondition.isRequired(property, ci)).isEqualTo(required);
  }

  private static Optional<String> allThere(Need need) {
    return Optional.empty();
  }

  private static Optional<String> noCgroup2(Need need) {
    return need == Need.CGROUP2 ? Optional.of("no cgroup2 here") : Optional.empty();
  }

  private static Optional<String> noBpf(Need need) {
    return need == Need.BPF ? Optional.of("bpf(2) refused") : Optional.empty();
  }
}
