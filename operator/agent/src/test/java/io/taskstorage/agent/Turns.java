package io.taskstorage.agent;

import io.taskstorage.agent.report.LineText;
import io.taskstorage.agent.report.Report;
import io.taskstorage.agent.report.Standing;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns of a loop over a folder, on the emulated plane and on cgroups without tasks: everything but
 * the kernel. What it returns depends on the folder and the cgroups alone.
 */
final class Turns implements AutoCloseable {
  private final TaskStore store;
  private final Loop loop;
  private final Dirty dirty = new Dirty();
  private Instant now = Instant.now().plus(Duration.ofDays(1));
  private Report last = new Report(List.of(), Standing.START);

  Turns(Path folder, List<String> cgroups, Map<String, String> nodeLabels) {
    EmulatedMembership tree = new EmulatedMembership();
    cgroups.forEach(tree::mkdir);
    store = TaskStores.emulated(tree);
    AgentConfig config =
        new AgentConfig(folder, Duration.ofSeconds(1), new NodeFacts("node-1", nodeLabels));
    loop = new Loop(config, tree, store, Optional.empty(), report -> last = report, this::later);
  }

  /** A clock in which every file is old enough to be believed, and to be believed to be gone. */
  private Instant later() {
    now = now.plusSeconds(1);
    return now;
  }

  /** Turns once; what a user reads of it. */
  String turn() {
    Standing standing = loop.once(dirty);
    return last.lines().stream().map(line -> LineText.of(line) + "\n").collect(Collectors.joining())
        + (standing.isFailed() ? "failed: " : "fine: ")
        + standing.totals().text()
        + "\n";
  }

  @Override
  public void close() {
    store.close();
  }
}
