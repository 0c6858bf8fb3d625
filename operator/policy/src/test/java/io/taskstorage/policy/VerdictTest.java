package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.api.v1alpha1.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void refusalNamesAProblem() {
    assertThatThrownBy(() -> new Verdict.Refused<>(Reason.INVALID, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("refuse object: no problem: name at least one");
  }

  @Test
  void policiesAreNamedAsPeopleWriteThem() {
    assertThat(PolicyKey.cluster("a")).hasToString("a");
    assertThat(new PolicyKey("shop", "a")).hasToString("shop/a");
    assertThat(PolicyKey.cluster("a").isCluster()).isTrue();
    assertThat(new PolicyKey("shop", "a").isCluster()).isFalse();
  }
}
