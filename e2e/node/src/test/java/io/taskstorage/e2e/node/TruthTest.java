package io.taskstorage.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.e2e.node.World.ContainerSpec;
import io.taskstorage.e2e.node.World.PodSpec;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the emulated plane, for many worlds. */
class TruthTest {
  private static final int WORLDS = Integer.getInteger("random.sequences", 10_000);

  /** Pods, their containers and cgroups of the host: more than any world has. */
  private static final int TASKS = 32;

  @Test
  void tasksCarryWhatPreviewPrints(@TempDir Path folder, Tasks tasks) {
    List<Task> pool = tasks.processes(TASKS);
    Worlds worlds = new Worlds(7, Stage.layouts());
    try (Stage stage = new Stage(folder)) {
      for (int i = 0; i < WORLDS; i++) {
        World world = worlds.next();
        EmulatedMembership membership = new EmulatedMembership();
        Map<Integer, String> places = new HashMap<>();
        List<String> cgroups = cgroups(world);
        for (int t = 0; t < cgroups.size(); t++) {
          membership.mkdir(cgroups.get(t));
          membership.move(pool.get(t).pid(), cgroups.get(t));
          places.put(pool.get(t).tid(), cgroups.get(t));
        }
        try (TaskStore store = TaskStores.emulated(membership)) {
          stage.play(world, store, membership.cgroups(), places);
        }
      }
      assertThat(stage.values()).isGreaterThan(WORLDS);
    }
  }

  /** A cgroup for each subject of the node, those above before those below. */
  static List<String> cgroups(World world) {
    List<String> cgroups = new ArrayList<>(world.hostCgroups());
    for (PodSpec pod : world.podsHere()) {
      cgroups.add(pod.cgroup());
      for (ContainerSpec container : pod.containers()) {
        cgroups.add(pod.cgroupOf(container));
      }
    }
    return cgroups;
  }
}
