package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodsRootTest {

  static Stream<Arguments> paths() {
    return Table.rows("PodsRootTest/paths.table", 2);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void knowsWhereThePodsAre(String where, String cgroup) {
    // When
    boolean encloses = PodsRoot.encloses(cgroup);
    boolean is = PodsRoot.is(cgroup);
    // Then
    assertThat(encloses).isEqualTo(!where.equals("host"));
    assertThat(is).isEqualTo(where.equals("root"));
  }
}
