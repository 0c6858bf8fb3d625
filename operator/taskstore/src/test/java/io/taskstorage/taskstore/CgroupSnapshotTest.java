package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CgroupSnapshotTest {
  private static final CgroupId ROOT = new CgroupId(1);
  private static final CgroupId A = new CgroupId(2);
  private static final CgroupId A_B = new CgroupId(3);
  private static final CgroupId A_B_C = new CgroupId(4);
  private static final CgroupId D = new CgroupId(5);

  private final CgroupSnapshot tree =
      new CgroupSnapshot(
          List.of(
              new Cgroup(ROOT, Optional.empty(), "/"),
              new Cgroup(A, Optional.of(ROOT), "/a"),
              new Cgroup(A_B, Optional.of(A), "/a/b"),
              new Cgroup(A_B_C, Optional.of(A_B), "/a/b/c"),
              new Cgroup(D, Optional.of(ROOT), "/d")),
          List.of());

  @Test
  void theNearestAssignedAncestorDecidesOrTheCgroupItself() {
    // When, Then
    assertThat(tree.deciders(Set.of(A, A_B_C))).isEqualTo(Map.of(A, A, A_B, A, A_B_C, A_B_C));
    assertThat(tree.deciders(Set.of(ROOT, A_B)))
        .isEqualTo(Map.of(ROOT, ROOT, A, ROOT, A_B, A_B, A_B_C, A_B, D, ROOT));
  }

  @Test
  void whatIsBelowNoAssignedCgroupHasNoDecider() {
    // When, Then
    assertThat(tree.deciders(Set.of(D))).isEqualTo(Map.of(D, D));
    assertThat(tree.deciders(Set.of())).isEmpty();
    assertThat(tree.deciders(Set.of(new CgroupId(99)))).isEmpty();
  }

  @Test
  void aCgroupIsFoundByPathAndById() {
    // When, Then
    assertThat(tree.byPath("/a/b").map(Cgroup::id)).contains(A_B);
    assertThat(tree.byPath("/a/b/")).isEmpty();
    assertThat(tree.byId(A_B_C).map(Cgroup::path)).contains("/a/b/c");
    assertThat(tree.byId(new CgroupId(99))).isEmpty();
  }
}
