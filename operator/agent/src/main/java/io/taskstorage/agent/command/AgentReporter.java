package io.taskstorage.agent.command;

import io.taskstorage.agent.Turn;
import io.taskstorage.agent.cluster.ApiObserver;
import io.taskstorage.agent.cluster.Checkpoint;
import io.taskstorage.agent.cluster.NodeStateWriter;
import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.report.NodeStateComputation;
import io.taskstorage.agent.telemetry.AgentMetrics;
import io.taskstorage.agent.telemetry.AgentView;
import io.taskstorage.agent.telemetry.ReportLog;
import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.telemetry.LogKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells everybody of a turn: the checkpoint before it does anything; log, metrics, view and the
 * node's state after it. On the loop's thread.
 */
final class AgentReporter implements Turn.Reporter {
  private static final Logger LOG = LoggerFactory.getLogger(AgentReporter.class);

  private final String nodeName;
  private final Path stateDir;
  private final Supplier<NodeAgent> agent;
  private final ApiObserver api;
  private final NodeStateWriter writer;
  private final AgentMetrics metrics;
  private final AgentView view;
  private long beganNanos = System.nanoTime();
  private Optional<Desired> decided = Optional.empty();

  /** What the state folder holds; empty where it could not be written. */
  private Optional<Checkpoint> written = Optional.empty();

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

  /** What comes into force is remembered first: no successor knows less than is in force. */
  @Override
  @SuppressWarnings("ReferenceEquality") // What is desired is the same instance while unchanged.
  public void decided(Observed observed, Desired desired) {
    if (written.isPresent() && decided.filter(last -> last == desired).isPresent()) {
      return;
    }
    decided = Optional.of(desired);
    Checkpoint now = api.checkpoint(desired.accepted().behind(observed.api()));
    if (written.filter(now::equals).isEmpty()) {
      write(now);
    }
  }

  @Override
  public void taken(Turn.Taken taken) {
    long nanos = System.nanoTime() - beganNanos;
    Observed observed = taken.observed().orElseThrow();
    Desired desired = taken.desired().orElseThrow();
    if (!taken.isLikeLast()) {
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
      giveBack();
    }
  }

  /**
   * Most of the heap is of the start: the kernel's types, lists, what was parsed. On a node where
   * nothing happens then, nothing would make the collector look for months.
   */
  private static void giveBack() {
    KernelBtf.forgetTypes();
    System.gc();
  }

  private void write(Checkpoint checkpoint) {
    try {
      checkpoint.write(stateDir, nodeName);
      written = Optional.of(checkpoint);
      metrics.checkpoint(true);
    } catch (IOException e) {
      boolean isNews = isFirst || written.isPresent();
      written = Optional.empty();
      metrics.checkpoint(false);
      if (isNews) {
        LOG.atWarn().setCause(e).addKeyValue(LogKey.PATH, stateDir).log("checkpoint not written");
      }
    }
  }
}
