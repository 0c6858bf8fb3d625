package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.layout.Value;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A node with thousands of cgroups, each with a row of its own. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class ManyCgroupsKernelTest {
  private static final int CGROUPS = 5_000;

  /** One in so many cgroups has a task. */
  private static final int EMPTY = 50;

  /** As many values, each in several rows. */
  private static final int VALUES = 1_000;

  @Test
  void eachTaskHasTheValueOfItsCgroup(CgroupSandbox sandbox, @BpffsMount Path bpffs, Tasks tasks) {
    World world = World.real(sandbox);
    try (TaskStore store = TaskStores.inKernel(new PinTree(bpffs), world.membership())) {
      // Given
      store.install(TENANT_MAP);
      Map<Integer, Value> wanted = new HashMap<>();
      List<CgroupId> ids = new ArrayList<>();
      List<Task> members = new ArrayList<>();
      for (int i = 0; i < CGROUPS; i++) {
        ids.add(world.mkdir("/" + i));
        store.assign(ids.get(i), row(value(i)));
        if (i % EMPTY == 0) {
          Task task = tasks.processIn(sandbox.top().path().resolve(Integer.toString(i)));
          members.add(task);
          wanted.put(task.tid(), value(i));
        }
      }
      // When
      SweepResult swept = store.sweep();
      for (int i = 0; i < members.size(); i++) {
        wanted.put(members.get(i).fork().tid(), value(i * EMPTY));
      }
      // Then
      assertThat(swept.counts(TENANTS))
          .isEqualTo(new SweepCounts(members.size(), members.size(), 0, 0, 0, 0, 0));
      assertThat(values(store)).isEqualTo(wanted).hasSize(2 * members.size());
      assertThat(store.verify().changes()).isZero();
      // When each row changes
      for (int i = 0; i < CGROUPS; i++) {
        store.assign(ids.get(i), row(value(i + 1)));
      }
      SweepResult changed = store.sweep();
      // Then
      wanted.replaceAll((tid, value) -> value(number(value) + 1));
      assertThat(changed.counts(TENANTS).updated()).isEqualTo(wanted.size());
      assertThat(values(store)).isEqualTo(wanted);
      // When cgroups without tasks go
      int gone = 0;
      for (int i = 0; i < CGROUPS; i++) {
        if (i % EMPTY != 0) {
          world.rmdir("/" + i);
          gone++;
        }
      }
      SweepResult after = store.sweep();
      // Then
      assertThat(after.cgroupsGone()).isEqualTo(gone);
      assertThat(after.changes()).isZero();
      assertThat(values(store)).isEqualTo(wanted);
    }
  }

  private static Value value(int number) {
    return tenant(number % VALUES, "app-" + number % VALUES);
  }

  private static int number(Value value) {
    byte[] id = value.fieldBytes(Samples.field(Samples.TENANT_LAYOUT, "tenant_id"));
    return (id[0] & 0xff) | (id[1] & 0xff) << 8;
  }

  private static Map<Integer, Value> values(TaskStore store) {
    return store.entries(TENANTS).stream().collect(Collectors.toMap(Entry::tid, Entry::value));
  }
}
