package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.AgentInForce.assertAllRight;
import static io.taskstorage.taskstore.AgentInForce.assertForeignChange;
import static io.taskstorage.taskstore.AgentInForce.assertStill;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.PlainMap;
import io.taskstorage.taskstore.AgentInForce.Origin;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Bpftool;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Another process of root removes pins of the programs in force: no start is wrong by that, the
 * next pass puts programs with all pins in their place, and the next agent takes them over.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class PinsTakenAwayKernelTest {
  private static final int STARTS = 50;

  private AgentInForce node;
  private Task member;

  @BeforeEach
  void makeMember(@BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    Cgroup cgroup = sandbox.create("a");
    node = new AgentInForce(new PinTree(bpffs), CgroupTree.open(sandbox.top().path()), cgroup);
    member = tasks.processIn(cgroup.path());
  }

  static Stream<Arguments> pins() {
    List<String> pins =
        List.of(
            "links/newtask",
            "links",
            "programs/newtask",
            "tables/assignments",
            "tables/values_0",
            "tables",
            "complete",
            "");
    return Stream.concat(
        pins.stream().map(each -> Arguments.of(Origin.ADOPTED, each)),
        Stream.of("links", "").map(each -> Arguments.of(Origin.OWN, each)));
  }

  @ParameterizedTest(name = "\"{1}\" of a set that is {0}")
  @MethodSource("pins")
  void whatWasRemovedIsMadeAgainAndNoStartIsWrong(Origin origin, String pins) {
    // Given
    try (TaskStore store = node.open(origin)) {
      Path set = node.set();
      // When
      remove(pins.isEmpty() ? node.tree().programs() : set.resolve(pins));
      // Then
      assertAllRight(store, member.forks(STARTS));
      // When
      SweepResult swept = store.sweep();
      // Then
      assertForeignChange(swept);
      assertThat(swept.failures().getFirst().message())
          .matches(
              "keep pin \\Q"
                  + set
                  + "\\E/[a-z0-9_/]+( and [0-9]+ more)?: removed or replaced by another process;"
                  + " other programs, with all pins, take the place: find out which process does"
                  + " so, and end it");
      assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1 + STARTS, 0, 0, 0, 0, 0, 0));
      assertAllRight(store, member.forks(STARTS));
      assertStill(store);
    }
    node.assertNextOneAdopts(member);
  }

  @Test
  void aPinThatWasReplacedIsNotTakenForOurs() {
    // Given
    try (TaskStore store = node.open(Origin.OWN)) {
      Path pin = node.set().resolve("tables").resolve("assignments");
      remove(pin);
      try (PlainMap other = PlainMap.hash("ts_assignments", 8, 8, 8192)) {
        other.pin(pin);
      }
      // When
      SweepResult swept = store.sweep();
      // Then
      assertForeignChange(swept);
      assertThat(swept.restored()).isEqualTo(1);
      assertThat(swept.failures().getFirst().message()).startsWith("keep pin " + pin + ": ");
      assertStill(store);
    }
    node.assertNextOneAdopts(member);
  }

  /** Neither by its id nor by its pins: the kernel has no way to end a tracepoint's link. */
  @Test
  void nobodyDetachesAProgramWhileTheAgentHoldsIt() {
    // Given
    try (TaskStore store = node.open(Origin.ADOPTED)) {
      String id = String.valueOf(node.links().get("newtask"));
      // When
      Outcome detached = Bpftool.command("link", "detach", "id", id).run();
      // Then
      assertThat(detached.exitCode()).as("%s", detached).isNotZero();
      assertAllRight(store, member.forks(STARTS));
      assertStill(store);
    }
  }

  private void remove(Path path) {
    new PinFolders(node.tree(), PinFolders.Steps.UNWATCHED).removeTree(path);
  }
}
