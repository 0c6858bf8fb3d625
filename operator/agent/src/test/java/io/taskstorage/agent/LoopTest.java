package io.taskstorage.agent;

import static org.awaitility.Awaitility.await;

import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** So long that a turn has another reason. */
  private static final Duration INTERVAL = Duration.ofDays(1);

  private final EmulatedMembership tree = new EmulatedMembership();
  private final Dirty dirty = new Dirty();
  private final AtomicInteger turns = new AtomicInteger();

  @Test
  void aCgroupThatComesDuringATurnIsSeenByTheNextWithoutWaiting(@TempDir Path folder)
      throws InterruptedException {
    // When
    Thread agent = Thread.ofPlatform().start(() -> run(folder));

    // Then
    try {
      await().atMost(LIMIT).until(() -> turns.get() == 2);
    } finally {
      dirty.stop();
      agent.join();
    }
  }

  private void run(Path folder) {
    AgentConfig config = new AgentConfig(folder, INTERVAL, new NodeFacts("node-1", Map.of()));
    try (TaskStore store = TaskStores.emulated(tree)) {
      new Loop(config, tree, store, Optional.empty(), _ -> turned()).run(dirty);
    }
  }

  private void turned() {
    if (turns.incrementAndGet() == 1) {
      tree.mkdir("/late");
      dirty.cgroupMade();
    }
  }
}
