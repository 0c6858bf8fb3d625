package io.taskstorage.agent.command;

import io.taskstorage.agent.CgroupWatch;
import io.taskstorage.agent.ClusterLoop;
import io.taskstorage.agent.Dirty;
import io.taskstorage.agent.PinWatch;
import io.taskstorage.agent.SuccessorWatch;
import io.taskstorage.agent.Turn;
import io.taskstorage.agent.cluster.ApiConnection;
import io.taskstorage.agent.cluster.ApiObserver;
import io.taskstorage.agent.cluster.Boot;
import io.taskstorage.agent.cluster.Checkpoint;
import io.taskstorage.agent.cluster.NodeStateWriter;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.nri.ContainerEvents;
import io.taskstorage.agent.nri.NriState;
import io.taskstorage.agent.telemetry.AgentMetrics;
import io.taskstorage.agent.telemetry.AgentView;
import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.bpf.Probe;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.console.Version;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.telemetry.LogKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent does while the node is its own: it alone writes maps, pins, the node's state and
 * the checkpoint. All that writes is made here and gone before the node is let go of.
 *
 * @param connection stays the caller's to close, as everything else
 */
record Tenure(
    AgentProcess process,
    CgroupTree cgroups,
    PinTree pins,
    ApiConnection connection,
    ApiObserver api,
    CgroupWatch watch,
    AgentMetrics metrics,
    AgentView view) {
  private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);

  /**
   * Works until {@code dirty} is stopped, or until a successor asks for the node.
   *
   * @param held is closed at the end, last of all
   */
  void hold(TaskStore held, Dirty dirty) {
    try (TaskStore store = held;
        NodeStateWriter writer =
            NodeStateWriter.start(connection, process.nodeName(), process.reportDelay(), metrics);
        SuccessorWatch successor = SuccessorWatch.start(pins, dirty);
        PinWatch touched = PinWatch.start(Optional.of(pins), dirty);
        ContainerEvents events =
            ContainerEvents.of(
                process.nri(), store.plane() == Plane.IN_KERNEL, waking(dirty), metrics)) {
      store.listen(dirty);
      view.heardBy(events);
      NodeAgent probed = agent(store.plane());
      AgentReporter reporter =
          new AgentReporter(
              process.nodeName(),
              process.stateDir(),
              () -> with(probed, events),
              api,
              writer,
              metrics,
              view);
      NodeFacts unknown = new NodeFacts(process.nodeName(), Map.of());
      Turn turn = new Turn(unknown, cgroups, store, Optional.of(pins), before(), reporter);
      Duration pause = process.interval().orElse(Planes.interval(store.plane()));
      new ClusterLoop(api, turn, watch, touched, events, pause, reporter::began)
          .run(dirty, successor::isAsked);
    }
    if (!dirty.isStopped()) {
      LOG.atInfo()
          .addKeyValue(LogKey.NODE, process.nodeName())
          .log("let go of the node, as a successor asked");
    }
  }

  /** What whoever had the node before has left; it may be newer than this process's start. */
  private LastAccepted before() {
    return switch (Checkpoint.read(
        process.stateDir(), process.nodeName(), process.access().server().toString())) {
      case Checkpoint.Found.Of(Checkpoint checkpoint) -> {
        api.remember(checkpoint);
        yield new LastAccepted(checkpoint.accepted());
      }
      case Checkpoint.Found.Nothing() -> LastAccepted.NONE;
      case Checkpoint.Found.Discarded _ -> LastAccepted.NONE;
    };
  }

  private static ContainerEvents.Waking waking(Dirty dirty) {
    return new ContainerEvents.Waking() {
      @Override
      public void mark() {
        dirty.mark();
      }

      @Override
      public void hurry() {
        dirty.hurry();
      }
    };
  }

  /** What was probed at the start, and what comes and goes. */
  private static NodeAgent with(NodeAgent probed, ContainerEvents events) {
    if (!(events.state() instanceof NriState.Connected)) {
      return probed;
    }
    List<String> features = new ArrayList<>(Objects.requireNonNull(probed.features()));
    features.add("ContainerEvents");
    return new NodeAgent(
        probed.version(), probed.kernelVersion(), probed.bootID(), probed.propagation(), features);
  }

  /** What InKernel needs of the kernel is there where that plane runs, and need not be tried. */
  private static NodeAgent agent(Plane plane) {
    Probe probe = new Probe();
    List<String> features = new ArrayList<>();
    if (probe.taskStorage() instanceof ProbeResult.Yes) {
      features.add("TaskStorage");
    }
    if (probe.threadPidfd() instanceof ProbeResult.Yes) {
      features.add("ThreadPidfd");
    }
    boolean isInKernel = plane == Plane.IN_KERNEL;
    if (isInKernel || probe.vmlinuxBtf() instanceof ProbeResult.Yes) {
      features.add("KernelBtf");
    }
    if (isInKernel || probe.tracingPrograms() instanceof ProbeResult.Yes) {
      features.add("TracingPrograms");
    }
    return new NodeAgent(
        Version.text(),
        System.getProperty("os.version", ""),
        Boot.id().orElse(null),
        plane.display(),
        features);
  }
}
