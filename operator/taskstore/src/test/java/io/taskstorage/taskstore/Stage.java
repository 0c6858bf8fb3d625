package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;

import io.taskstorage.layout.Value;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A store and the world that it is in: what the parts of {@link TaskStoreContract} are about. */
interface Stage {
  World world();

  TaskStore store();

  /** Ends a test of a plane that reaches no single threads on this kernel. */
  default void needThreads() {}

  /** A new process in this cgroup, whose row comes after it and was overdue. */
  default Task tooSoon(Tasks tasks, String path, Value value) {
    store().install(TENANT_MAP);
    CgroupId cgroup = world().mkdir(path);
    Task process = tasks.process();
    world().move(process, path);
    store().assign(cgroup, row(value), Set.of(TENANTS));
    return process;
  }

  /** A new process in this cgroup, which has this row from now on. */
  default Task member(Tasks tasks, String path, Value value) {
    store().install(TENANT_MAP);
    CgroupId cgroup = world().mkdir(path);
    Task process = tasks.process();
    world().move(process, path);
    store().assign(cgroup, row(value));
    return process;
  }

  /** Every entry of the tenants' map. */
  default Map<Integer, Value> values() {
    return store().entries(TENANTS).stream().collect(Collectors.toMap(Entry::tid, Entry::value));
  }
}
