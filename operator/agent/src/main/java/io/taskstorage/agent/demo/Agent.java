package io.taskstorage.agent.demo;

import io.taskstorage.agent.AgentConfig;
import io.taskstorage.agent.Dirty;
import io.taskstorage.agent.Loop;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.agent.report.Line;
import io.taskstorage.agent.report.LineText;
import io.taskstorage.agent.report.Report;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.policy.NodeFacts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The loop of {@code run}, turned by the story instead of by the clock. */
final class Agent {
  private final Loop loop;
  private final Dirty dirty;
  private final List<String> said = new ArrayList<>();
  private Optional<StructLayout> layout = Optional.empty();

  private Agent(Path manifests, Ground ground, Dirty dirty) {
    AgentConfig config =
        new AgentConfig(manifests, Duration.ofSeconds(1), new NodeFacts("demo", Map.of()));
    this.loop =
        new Loop(
            config, ground.cgroups().membership(), ground.store(), ground.tree(), this::report);
    this.dirty = dirty;
  }

  /** An agent on the folder; with undo it takes its maps away. */
  static Agent on(Path manifests, Ground ground, Dirty dirty, Undo undo) {
    Agent agent = new Agent(manifests, ground, dirty);
    undo.add("remove the demo's map", agent.loop::removeAll);
    return agent;
  }

  /** One turn; returns what {@code run} would have printed of it. */
  List<String> turn() {
    said.clear();
    loop.once(dirty);
    return List.copyOf(said);
  }

  /** How the value of the map is laid out, as the agent has installed it. */
  StructLayout layout() {
    return layout.orElseThrow(
        () -> new StoryBroken("demo: the agent has made no map: see what it said above"));
  }

  private void report(Report report) {
    for (Line line : report.lines()) {
      said.add(LineText.of(line));
      if (line instanceof Line.Stepped(Outcome.Done(Step.InstallMap install, var _))) {
        layout = Optional.of(install.map().layout());
      }
    }
  }
}
