package io.taskstorage.agent.command;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.agent.Turn;
import io.taskstorage.agent.cluster.ApiObserver;
import io.taskstorage.agent.cluster.Checkpoint;
import io.taskstorage.agent.cluster.NodeStateWriter;
import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.report.NodeStateComputation;
import io.taskstorage.agent.telemetry.AgentMetrics;
import io.taskstorage.agent.telemetry.AgentView;
import io.taskstorage.agent.telemetry.ReportLog;
import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.telemetry.LogKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells everybody of a turn: log, metrics, view, the node's state, the checkpoint. */
final class AgentReporter {
  private static final Logger LOG = LoggerFactory.getLogger(AgentReporter.class);

  /** A checkpoint is rewritten at most this often. */
  private static final Duration CHECKPOINT_PAUSE = Duration.ofSeconds(2);

  private final String nodeName;
  private final Path stateDir;
  private final Supplier<NodeAgent> agent;
  private final ApiObserver api;
  private final NodeStateWriter writer;
  private final AgentMetrics metrics;
  private final AgentView view;
  private long beganNanos = System.nanoTime();
  private long checkpointNanos = System.nanoTime() - CHECKPOINT_PAUSE.toNanos();
  private ApiState remembered = ApiState.UNKNOWN;
  private List<HasMetadata> earlier = List.of();
  private boolean isFirst = true;
  private NodeStateStatus state = new NodeStateStatus(null, null, null, null, null);

  AgentReporter(
      String nodeName,
      Path stateDir,
      Supplier<NodeAgent> agent,
      ApiObserver api,
      NodeStateWriter writer,
      AgentMetrics metrics,
      AgentView view) {
    this.nodeName = nodeName;
    this.stateDir = stateDir;
    this.agent = agent;
    this.api = api;
    this.writer = writer;
    this.metrics = metrics;
    this.view = view;
  }

  /** A turn begins. */
  void began() {
    beganNanos = System.nanoTime();
  }

  /** A turn was taken. */
  void turn(Turn.Taken taken) {
    long nanos = System.nanoTime() - beganNanos;
    Observed observed = taken.observed().orElseThrow();
    Desired desired = taken.desired().orElseThrow();
    if (!taken.isLikeLast()) {
      earlier = desired.accepted().behind(observed.api());
      state =
          NodeStateComputation.of(agent.get(), observed, desired, taken.execution(), taken.late());
    }
    ReportLog.log(taken.report());
    metrics.turn(taken, nanos);
    view.turn(taken, state);
    metrics.standing(view.readiness().isReady(), !view.remembered().isEmpty());
    writer.tell(state);
    if (isFirst) {
      isFirst = false;
      LOG.atInfo()
          .addKeyValue(LogKey.NODE, nodeName)
          .addKeyValue(LogKey.DURATION_MILLIS, nanos / 1_000_000)
          .addKeyValue(LogKey.DETAIL, taken.report().standing().totals().text())
          .log("ready");
    }
    if (System.nanoTime() - checkpointNanos >= CHECKPOINT_PAUSE.toNanos()) {
      checkpoint(observed.api());
    }
  }

  /** No turn comes any more. */
  void ended() {
    api.checkpoint(earlier).ifPresent(this::write);
  }

  /** Remembers what the server says now, unless it is what was remembered last. */
  @SuppressWarnings("ReferenceEquality") // An observation is the same instance while unchanged.
  private void checkpoint(ApiState now) {
    if (now != remembered) {
      api.checkpoint(earlier)
          .ifPresent(
              checkpoint -> {
                remembered = now;
                write(checkpoint);
              });
    }
  }

  private void write(Checkpoint checkpoint) {
    checkpointNanos = System.nanoTime();
    try {
      checkpoint.write(stateDir, nodeName);
      metrics.checkpoint(true);
    } catch (IOException e) {
      metrics.checkpoint(false);
      LOG.atWarn().setCause(e).addKeyValue(LogKey.PATH, stateDir).log("checkpoint not written");
    }
  }
}
