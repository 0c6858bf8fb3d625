package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract without any privilege: no bpf(2), no cgroups. */
class EmulatedTaskStoreTest implements PassContract {
  private World world;
  private TaskStore store;

  @BeforeEach
  void open() {
    world = World.emulated();
    store = TaskStores.emulated(world.membership());
  }

  @Test
  void saysWhichPlaneItIs() {
    // When
    Plane plane = store().plane();
    // Then
    assertThat(plane).isEqualTo(Plane.EMULATED);
    assertThat(plane.display()).isEqualTo("Emulated");
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public TaskStore store() {
    return store;
  }
}
