package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.AgentInForce.VALUE;
import static io.taskstorage.taskstore.AgentInForce.assertAllRight;
import static io.taskstorage.taskstore.AgentInForce.assertForeignChange;
import static io.taskstorage.taskstore.AgentInForce.assertStill;
import static io.taskstorage.taskstore.AgentInForce.isRight;
import static io.taskstorage.taskstore.AgentInForce.key;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.PlainMap;
import io.taskstorage.taskstore.AgentInForce.Origin;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Another process of root changes what the programs in force read: the next pass makes it as it was
 * and puts tasks right, and no start after that is wrong.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class TablesTakenAwayKernelTest {
  private static final int STARTS = 50;

  /** What makes a program do nothing: {@code RETIRED} of the first map. */
  private static final int RETIRED = 8 * 13;

  /** Ids that no cgroup has: the kernel counts up from 1. */
  private static final long MADE_UP = 1L << 48;

  private AgentInForce node;
  private Cgroup cgroup;
  private Task member;

  @BeforeEach
  void makeMember(@BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    cgroup = sandbox.create("a");
    node = new AgentInForce(new PinTree(bpffs), CgroupTree.open(sandbox.top().path()), cgroup);
    member = tasks.processIn(cgroup.path());
  }

  /** What is changed; each keeps values from tasks. */
  enum Change {
    ROW_REMOVED,
    ROW_LEADS_ELSEWHERE,
    ROW_LEADS_NOWHERE,
    VALUE_CHANGED,
    PROGRAMS_RETIRED
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void whatWasChangedIsAsItWasAgain(Change change) {
    // Given
    try (TaskStore store = node.open(Origin.ADOPTED)) {
      make(change);
      List<Task> meanwhile = member.forks(STARTS);
      assertThat(meanwhile).noneMatch(task -> isRight(store, task));
      // When
      SweepResult swept = store.sweep();
      // Then
      assertForeignChange(swept);
      assertThat(swept.failures().getFirst().message())
          .isEqualTo(
              "keep the tables of programs: %d of their rows or values were removed, changed or"
                      .formatted(swept.restored())
                  + " added by another process, and are as they were again: find out which process"
                  + " does so, and end it");
      assertAllRight(store, List.of(member));
      assertAllRight(store, meanwhile);
      assertAllRight(store, member.forks(STARTS));
      assertStill(store);
    }
    node.assertNextOneAdopts(member);
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void whatWasChangedWhileNoAgentRanIsPutRightByTheNextOne(Change change) {
    // Given
    node.open(Origin.OWN).close();
    make(change);
    // When
    try (TaskStore next = TaskStores.inKernel(node.tree(), node.cgroups())) {
      node.state(next);
      // Then
      assertAllRight(next, List.of(member));
      assertAllRight(next, member.forks(STARTS));
      assertStill(next);
    }
  }

  @Test
  void aRowThatWasAddedGoes(Tasks tasks) {
    // Given
    try (TaskStore store = node.open(Origin.OWN)) {
      Cgroup below = cgroup.create("below");
      Task nested = tasks.processIn(below.path());
      try (PlainMap rows = node.table("assignments")) {
        rows.put(key(below.id()), new byte[rows.info().valueSize()]);
      }
      assertThat(isRight(store, nested.fork())).isFalse();
      // When
      SweepResult swept = store.sweep();
      // Then
      assertForeignChange(swept);
      assertThat(swept.restored()).isEqualTo(1);
      assertAllRight(store, nested.forks(STARTS));
      assertStill(store);
    }
  }

  /** Many are looked at in several calls. */
  @Test
  void ofManyRowsThoseThatWereChangedAreFound() {
    // Given
    try (TaskStore store = node.open(Origin.OWN)) {
      for (int i = 0; i < 3000; i++) {
        store.assign(new CgroupId(MADE_UP + i), row(tenant(i % 100, "many")));
      }
      assertStill(store);
      try (PlainMap rows = node.table("assignments")) {
        for (int i = 0; i < 3000; i += 2) {
          rows.remove(key(MADE_UP + i));
        }
        rows.put(key(MADE_UP + 1), new byte[rows.info().valueSize()]);
      }
      // When
      SweepResult swept = store.sweep();
      // Then
      assertForeignChange(swept);
      assertThat(swept.restored()).isEqualTo(1501);
      assertStill(store);
    }
  }

  private void make(Change change) {
    switch (change) {
      case ROW_REMOVED -> {
        try (PlainMap rows = node.table("assignments")) {
          rows.remove(key(cgroup.id()));
        }
      }
      case ROW_LEADS_ELSEWHERE -> lead(77);
      case ROW_LEADS_NOWHERE -> lead(1 << 20);
      case VALUE_CHANGED -> {
        try (PlainMap values = node.table("values_0")) {
          byte[] other = VALUE.toBytes();
          Arrays.fill(other, 0, 8, (byte) 9);
          values.put(number(1), other);
        }
      }
      case PROGRAMS_RETIRED -> {
        try (PlainMap tallies = node.table("tallies")) {
          for (int program = 0; program < 3; program++) {
            byte[] tally = tallies.lookup(number(program)).orElseThrow();
            ByteBuffer.wrap(tally).order(ByteOrder.nativeOrder()).putLong(RETIRED, 1);
            tallies.put(number(program), tally);
          }
        }
      }
    }
  }

  private void lead(int slot) {
    try (PlainMap rows = node.table("assignments")) {
      byte[] row = rows.lookup(key(cgroup.id())).orElseThrow();
      ByteBuffer.wrap(row).order(ByteOrder.nativeOrder()).putInt(0, slot);
      rows.put(key(cgroup.id()), row);
    }
  }

  private static byte[] number(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(number).array();
  }
}
