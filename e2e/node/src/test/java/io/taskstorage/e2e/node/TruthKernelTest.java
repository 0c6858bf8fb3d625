package io.taskstorage.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On the kernel, for a sample of the worlds: pods stand as cgroups where a kubelet would make them.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class TruthKernelTest {
  private static final int WORLDS = 50;

  @Test
  void tasksCarryWhatPreviewPrints(
      @TempDir Path folder, @BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    Worlds worlds = new Worlds(7, Stage.layouts());
    try (Stage stage = new Stage(folder)) {
      for (int i = 0; i < WORLDS; i++) {
        World world = worlds.next();
        Map<Integer, String> places = new HashMap<>();
        Path root = sandbox.create("world-" + i).path();
        List<String> cgroups = TruthTest.cgroups(world);
        for (String cgroup : cgroups) {
          sandbox.create(("world-" + i + cgroup).split("/", -1));
          Task task = tasks.processIn(root.resolve(cgroup.substring(1)));
          places.put(task.tid(), cgroup);
        }
        CgroupTree tree = CgroupTree.open(root);
        PinTree pins = new PinTree(bpffs);
        try (TaskStore store = TaskStores.rescan(pins, tree)) {
          stage.play(world, store, tree.cgroups(), places);
        }
        assertThat(TaskStores.clean(pins)).isEmpty();
      }
      assertThat(stage.values()).isGreaterThan(WORLDS);
    }
  }
}
