package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.taskstore.Membership.Tids;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmulatedMembershipTest {
  private final EmulatedMembership table = new EmulatedMembership();

  @Test
  void makingACgroupMakesThoseAboveIt() {
    // When
    CgroupId c = table.mkdir("/a/b/c");
    CgroupId again = table.mkdir("/a/b/c");
    // Then
    assertThat(again).isEqualTo(c);
    assertThat(table.cgroups().cgroups())
        .extracting(Cgroup::path)
        .containsExactly("/", "/a", "/a/b", "/a/b/c");
    assertThat(table.cgroups().byId(c).flatMap(Cgroup::parent))
        .isEqualTo(table.cgroups().byPath("/a/b").map(Cgroup::id));
  }

  @Test
  void removingACgroupRemovesWhatIsBelowAndNotWhatIsBeside() {
    // Given
    table.mkdir("/a/b");
    table.mkdir("/ab");
    Cgroup gone = table.cgroups().byPath("/a/b").orElseThrow();
    // When
    table.rmdir("/a");
    // Then
    assertThat(table.cgroups().cgroups()).extracting(Cgroup::path).containsExactly("/", "/ab");
    assertThat(table.tids(gone)).isEqualTo(new Tids.Gone());
    assertThat(table.mkdir("/a/b")).isNotEqualTo(gone.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a/b", "/a/", "/a//b"})
  void aPathIsAbsoluteAndNormalised(String path) {
    // When, Then
    assertThatThrownBy(() -> table.mkdir(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mkdir %s: not a cgroup path: use an absolute path such as /demo/web".formatted(path));
  }

  @Test
  void childrenAreBornWhereTheirParentIsAndStay(Tasks tasks) {
    // Given
    table.mkdir("/a");
    table.mkdir("/b");
    Task parent = tasks.process();
    table.move(parent.pid(), "/a");
    Task child = parent.fork();
    Task grandchild = child.fork();
    Task thread = parent.thread();
    List<Integer> born = tids("/a");
    // When
    table.move(parent.pid(), "/b");
    Task second = parent.fork();
    // Then
    assertThat(born)
        .containsExactlyInAnyOrder(parent.tid(), thread.tid(), child.tid(), grandchild.tid());
    assertThat(tids("/a")).containsExactlyInAnyOrder(child.tid(), grandchild.tid());
    assertThat(tids("/b")).containsExactlyInAnyOrder(parent.tid(), thread.tid(), second.tid());
  }

  @Test
  void aProcessThatEndedIsNoMember(Tasks tasks) {
    // Given
    table.mkdir("/a");
    Task process = tasks.process();
    table.move(process.pid(), "/a");
    // When
    process.exit();
    // Then
    assertThat(tids("/a")).isEmpty();
    assertThat(table.move(process.pid(), "/a")).isFalse();
    process.reap();
    assertThat(table.move(process.pid(), "/a")).isFalse();
  }

  @Test
  void aCgroupThatIsNotThereIsRefused() {
    // When, Then
    assertThatThrownBy(() -> table.move(1, "/none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("move 1 to /none: no such cgroup");
  }

  private List<Integer> tids(String path) {
    Cgroup cgroup = table.cgroups().byPath(path).orElseThrow();
    return table.tids(cgroup) instanceof Tids.Listed listed ? listed.tids() : List.of(-1);
  }
}
