package io.taskstorage.agent.command;

import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A map that an agent has left in force, a task that has an entry in it and one that has none.
 * Closing ends the tasks.
 *
 * @param cgroup the path of the cgroup that is selected
 */
record KeptEntry(Path bpffs, String cgroup, Tasks tasks, Task selected, Task other)
    implements AutoCloseable {

  static KeptEntry on(Path bpffs, CgroupSandbox sandbox) {
    Cgroup shop = sandbox.create("shop");
    Tasks tasks = Tasks.start();
    Task selected = tasks.processIn(shop.path());
    selected.rename("front");
    Task other = tasks.process();
    NodeWithMap.keep(bpffs, sandbox, shop);
    return new KeptEntry(bpffs, shop.pathFromRoot(), tasks, selected, other);
  }

  /** Runs a command on the map. */
  CommandRun run(String... words) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--bpffs=" + bpffs;
    return CommandRun.of(all);
  }

  static String pid(Task task) {
    return Integer.toString(task.tid());
  }

  @Override
  public void close() {
    tasks.close();
  }
}
