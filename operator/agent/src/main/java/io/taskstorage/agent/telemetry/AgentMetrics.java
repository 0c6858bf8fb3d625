package io.taskstorage.agent.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.taskstorage.agent.Turn;
import io.taskstorage.agent.cluster.ApiCounts;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.nri.NriCounts;
import io.taskstorage.agent.nri.StartGate;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.agent.report.Standing;
import io.taskstorage.taskstore.Starts;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.SweepResult;
import io.taskstorage.telemetry.ProcessMetrics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What an agent counts. Any thread. */
public final class AgentMetrics implements ApiCounts, NriCounts {
  private static final List<String> STEPS =
      List.of("install", "publish", "remove", "assign", "unassign", "sweep");
  private static final List<String> CAUSES = List.of("created", "updated", "late", "foreign");
  private static final Map<StartGate.Outcome, String> OUTCOMES =
      Map.of(
          StartGate.Outcome.READY, "ready",
          StartGate.Outcome.WAITED, "waited",
          StartGate.Outcome.UNKNOWN, "unknown",
          StartGate.Outcome.TIMEOUT, "timeout");
  private static final double NANOS = 1e9;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Gauge info =
      gauge("agent_info", "Version and plane; always 1.", "version", "plane");
  private final Gauge ready = gauge("agent_ready", "1 while the agent says that it is ready.");
  private final Histogram turns =
      Histogram.builder()
          .name("taskstorage_turn_seconds")
          .help("Turns, by how long they took.")
          .classicOnly()
          .classicUpperBounds(0.1, 0.5)
          .withoutExemplars()
          .register(registry);
  private final Counter steps = counter("steps", "Steps done.", "step");
  private final Counter stepFailures = counter("step_failures", "Steps refused.", "step");
  private final Counter written = counter("entries_written", "Entries written, by why.", "cause");
  private final Counter started =
      counter("starts", "Tasks that started with their values, by what gave them.", "by");
  private final Counter refused =
      counter("starts_refused", "Tasks that started without a value that was refused to them.");
  private final Counter lost = counter("events_lost", "Events that their ring had no room for.");
  private final Counter deleted = counter("entries_deleted", "Entries removed.");
  private final Counter restored =
      counter("restored", "Pins, rows and values that somebody else took away, made again.");
  private final Gauge entries = gauge("entries", "Entries in all maps.");
  private final Gauge failed = gauge("entries_failed", "Entries that are not as they should be.");
  private final Gauge maps = gauge("maps", "Maps in force.");
  private final Gauge policies = gauge("policies", "Policies in force.");
  private final Gauge rows = gauge("rows", "Cgroups with a row of their own.");
  private final Gauge pods = gauge("pods", "Pods of this node whose cgroup is known.");
  private final Gauge problems = gauge("problems", "What is not taken, or not told, at present.");
  private final Gauge unsupported = gauge("unsupported_objects", "Objects that are not known.");
  private final Counter lists = counter("api_lists", "Complete lists.", "resource");
  private final Gauge objects = gauge("api_objects", "Objects in the last list.", "resource");
  private final Counter events = counter("api_events", "Events of watches.", "resource");
  private final Counter failures = counter("api_failures", "Requests that failed.", "resource");
  private final Counter states = counter("node_state_writes", "Writes of the state.", "outcome");
  private final Gauge remembered =
      gauge("checkpoint_in_force", "1 while something is known from a checkpoint only.");
  private final Counter checkpoints = counter("checkpoint_writes", "Checkpoints.", "outcome");

  private final Gauge runtime =
      gauge("container_events_connected", "1 while the container runtime tells of containers.");
  private final Counter runtimeEvents =
      counter("container_events", "Calls of the container runtime.");
  private final Counter containers =
      counter("container_starts", "Containers, by how they came to their values.", "outcome");
  private final Counter held =
      counter("container_start_held_seconds", "How long the starts of containers waited here.");

  private Starts starts = Starts.NONE;

  /** All at zero. */
  public AgentMetrics() {
    ProcessMetrics.register(registry);
    STEPS.forEach(steps::initLabelValues);
    STEPS.forEach(stepFailures::initLabelValues);
    CAUSES.forEach(written::initLabelValues);
    List.of("birth", "wakeup").forEach(started::initLabelValues);
    OUTCOMES.values().forEach(containers::initLabelValues);
    List.of("ok", "failed").forEach(states::initLabelValues);
    List.of("ok", "failed").forEach(checkpoints::initLabelValues);
  }

  /** Which agent it is, once that is known. */
  public void agent(String version, String plane) {
    info.labelValues(version, plane).set(1);
  }

  /** What is scraped. */
  public PrometheusRegistry registry() {
    return registry;
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name("taskstorage_" + name)
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  private Gauge gauge(String name, String help, String... labels) {
    return Gauge.builder()
        .name("taskstorage_" + name)
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  /** A turn was taken. */
  public void turn(Turn.Taken taken, long nanos) {
    turns.observe(nanos / NANOS);
    taken.execution().outcomes().forEach(this::outcome);
    started(taken.starts());
    Standing standing = taken.report().standing();
    entries.set(standing.totals().tasks());
    failed.set(standing.totals().failed());
    maps.set(standing.totals().maps());
    policies.set(standing.totals().policies());
    rows.set(standing.totals().cgroups());
    problems.set(standing.problems().size() + standing.unreadable().size());
    Optional<ApiState> api = taken.observed().map(observed -> observed.api());
    unsupported.set(api.map(state -> state.unsupported().size()).orElse(0));
    pods.set(api.flatMap(ApiState::cluster).map(ClusterState::pods).map(Map::size).orElse(0));
  }

  private void started(Starts now) {
    started.labelValues("birth").inc(Math.max(0, now.born() - starts.born()));
    started.labelValues("wakeup").inc(Math.max(0, now.mended() - starts.mended()));
    refused.inc(Math.max(0, now.refused() - starts.refused()));
    lost.inc(Math.max(0, now.lost() - starts.lost()));
    starts = now;
  }

  private void outcome(Outcome outcome) {
    String step = name(outcome.step());
    switch (outcome) {
      case Outcome.Done(Step.Sweep _, Outcome.Effect.Swept(SweepResult swept)) -> {
        steps.labelValues(step).inc();
        swept.maps().values().forEach(this::swept);
        restored.inc(swept.restored());
      }
      case Outcome.Done _ -> steps.labelValues(step).inc();
      case Outcome.Failed _, Outcome.Skipped _ -> stepFailures.labelValues(step).inc();
    }
  }

  private void swept(SweepCounts counts) {
    written.labelValues("created").inc(counts.created());
    written.labelValues("updated").inc(counts.updated());
    written.labelValues("late").inc(counts.late());
    written.labelValues("foreign").inc(counts.foreign());
    deleted.inc(counts.deleted());
  }

  private static String name(Step step) {
    return switch (step) {
      case Step.InstallMap _ -> "install";
      case Step.PublishMap _ -> "publish";
      case Step.RemoveMap _ -> "remove";
      case Step.Assign _ -> "assign";
      case Step.Unassign _ -> "unassign";
      case Step.Sweep _ -> "sweep";
    };
  }

  /** Whether the agent says that it is ready, and whether a checkpoint stands for something. */
  public void standing(boolean isReady, boolean isRemembered) {
    ready.set(isReady ? 1 : 0);
    remembered.set(isRemembered ? 1 : 0);
  }

  /** A checkpoint was written, or not. */
  public void checkpoint(boolean ok) {
    checkpoints.labelValues(ok ? "ok" : "failed").inc();
  }

  @Override
  public void begins(String resource) {
    List.of(lists, events, failures).forEach(counter -> counter.initLabelValues(resource));
    objects.initLabelValues(resource);
  }

  @Override
  public void listed(String resource, int count) {
    lists.labelValues(resource).inc();
    objects.labelValues(resource).set(count);
  }

  @Override
  public void event(String resource) {
    events.labelValues(resource).inc();
  }

  @Override
  public void failed(String resource, int code) {
    failures.labelValues(resource).inc();
  }

  @Override
  public void stateWritten(boolean ok) {
    states.labelValues(ok ? "ok" : "failed").inc();
  }

  @Override
  public void runtime(boolean isConnected) {
    runtime.set(isConnected ? 1 : 0);
  }

  @Override
  public void runtimeEvent(String method) {
    runtimeEvents.inc();
  }

  @Override
  public void containerStart(StartGate.Outcome outcome, long nanos) {
    containers.labelValues(Objects.requireNonNull(OUTCOMES.get(outcome))).inc();
    held.inc(nanos / NANOS);
  }
}
