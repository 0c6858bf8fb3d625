package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.Link;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node on which one map and one row are in force on the plane in the kernel, and what another
 * process of root may find of it in bpffs.
 *
 * @param cgroup has the row
 */
record AgentInForce(PinTree tree, Membership cgroups, Cgroup cgroup) {
  static final Value VALUE = tenant(1, "a");

  /** Who made the set of programs that is in force. */
  enum Origin {
    OWN,
    ADOPTED
  }

  /** A store that has brought all of it in force, or taken it over. */
  TaskStore open(Origin origin) {
    if (origin == Origin.ADOPTED) {
      openWithNothingToMend().close();
    }
    return openWithNothingToMend();
  }

  private TaskStore openWithNothingToMend() {
    TaskStore store = TaskStores.inKernel(tree, cgroups);
    SweepResult swept = state(store);
    assertThat(swept.restored()).isZero();
    assertThat(swept.failures()).isEmpty();
    return store;
  }

  /** States all of it. */
  SweepResult state(TaskStore store) {
    Installation installation = store.install(TENANT_MAP);
    store.assign(new CgroupId(cgroup.id()), row(VALUE));
    SweepResult swept = store.sweep();
    if (installation instanceof Installation.Created) {
      store.publish(TENANTS);
    }
    return swept;
  }

  /** The folder of the set of programs. */
  Path set() {
    return PinFolders.list(tree.programs()).getFirst();
  }

  /** A table of the programs, to write in. */
  PlainMap table(String name) {
    return PlainMap.open(set().resolve("tables").resolve(name), Access.READ_WRITE);
  }

  /** The key of the row of a cgroup. */
  static byte[] key(long cgroup) {
    return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(cgroup).array();
  }

  /** The kernel's ids of the links that are pinned. */
  Map<String, Integer> links() {
    Map<String, Integer> ids = new TreeMap<>();
    for (Path pin : PinFolders.list(set().resolve("links"))) {
      try (Link link = Link.open(pin)) {
        ids.put(String.valueOf(pin.getFileName()), link.info().id());
      }
    }
    return ids;
  }

  static boolean isRight(TaskStore store, Task task) {
    return store.access(TENANTS).get(task.tid()).equals(new EntryAccess.TaskResult.Done(VALUE));
  }

  static void assertAllRight(TaskStore store, List<Task> tasks) {
    assertThat(tasks).allMatch(task -> isRight(store, task));
  }

  /** It was told that somebody has taken something away. */
  static void assertForeignChange(SweepResult swept) {
    assertThat(swept.restored()).isPositive();
    assertThat(swept.failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo("ForeignChange"))
        .satisfies(failure -> assertThat(failure.map()).isEmpty());
  }

  /** Nothing is found any more, and nothing is told. */
  static void assertStill(TaskStore store) {
    SweepResult swept = store.sweep();
    assertThat(swept.restored()).isZero();
    assertThat(swept.failures()).isEmpty();
    assertThat(store.verify().changes()).isZero();
  }

  /** The agent that comes takes over all there is, so no start is without its value meanwhile. */
  void assertNextOneAdopts(Task member) {
    Map<String, Integer> before = links();
    assertThat(before).hasSize(5);
    try (TaskStore next = open(Origin.OWN)) {
      assertThat(links()).isEqualTo(before);
      assertAllRight(next, member.forks(10));
    }
  }
}
