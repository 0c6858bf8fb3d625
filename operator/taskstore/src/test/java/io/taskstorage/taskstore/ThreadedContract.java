package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every plane does in threaded cgroups, which there are in the kernel's tree alone. */
interface ThreadedContract extends Stage {
  @Test
  default void threadsOfOneProcessInThreadedCgroupsHaveTheirOwnValues(
      CgroupSandbox sandbox, Tasks tasks) {
    // Given
    needThreads();
    Cgroup domain = sandbox.create("threaded");
    Cgroup one = domain.create("one");
    Cgroup two = domain.create("two");
    Task process = tasks.process();
    Task first = process.thread();
    Task second = process.thread();
    domain.add(process);
    one.makeThreaded();
    two.makeThreaded();
    first.moveThreadTo(one.path());
    second.moveThreadTo(two.path());
    store().install(TENANT_MAP);
    store().assign(new CgroupId(one.id()), row(tenant(1, "one")));
    store().assign(new CgroupId(two.id()), row(tenant(2, "two")));
    // When
    SweepResult swept = store().sweep();
    // Then
    assertThat(domain.type()).isEqualTo("domain threaded");
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(2, 2, 0, 0, 0, 0, 0));
    assertThat(swept.failures()).isEmpty();
    assertThat(values())
        .isEqualTo(Map.of(first.tid(), tenant(1, "one"), second.tid(), tenant(2, "two")));

    // When: one thread changes over.
    first.moveThreadTo(two.path());
    SweepResult moved = store().sweep();
    // Then
    assertThat(moved.counts(TENANTS).foreign()).isZero();
    assertThat(moved.counts(TENANTS).late()).isZero();
    assertThat(moved.failures()).isEmpty();
    assertThat(values())
        .isEqualTo(Map.of(first.tid(), tenant(2, "two"), second.tid(), tenant(2, "two")));

    // When: the leader's cgroup gets a row.
    store().assign(new CgroupId(domain.id()), row(tenant(3, "domain")));
    SweepResult leader = store().sweep();
    // Then
    assertThat(leader.counts(TENANTS)).isEqualTo(new SweepCounts(3, 1, 0, 0, 0, 0, 0));
    assertThat(values())
        .isEqualTo(
            Map.of(
                process.tid(),
                tenant(3, "domain"),
                first.tid(),
                tenant(2, "two"),
                second.tid(),
                tenant(2, "two")));
  }
}
