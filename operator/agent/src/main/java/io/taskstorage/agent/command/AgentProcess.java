package io.taskstorage.agent.command;

import io.taskstorage.agent.CgroupWatch;
import io.taskstorage.agent.ClusterLoop;
import io.taskstorage.agent.Dirty;
import io.taskstorage.agent.Turn;
import io.taskstorage.agent.cluster.ApiAccess;
import io.taskstorage.agent.cluster.ApiConnection;
import io.taskstorage.agent.cluster.ApiObserver;
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
import io.taskstorage.telemetry.Endpoints;
import io.taskstorage.telemetry.LogKey;
import io.taskstorage.telemetry.TelemetryOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an agent together, and takes it apart in the opposite order.
 *
 * @param stateDir holds the checkpoint; exists
 * @param nri where the container runtime tells of containers; empty = nobody asks
 */
record AgentProcess(
    String nodeName,
    ApiAccess access,
    NodeOptions node,
    Path stateDir,
    PlaneChoice choice,
    Optional<Duration> interval,
    Duration reportDelay,
    Optional<Path> nri,
    TelemetryOptions telemetry) {
  private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);

  /** Works until {@code dirty} is stopped; leaves maps, pins and values in force. */
  void run(Dirty dirty) {
    CgroupTree cgroups = node.cgroupTree();
    PinTree pins = node.pinTree();
    LOG.atInfo()
        .addKeyValue(LogKey.VERSION, Version.text())
        .addKeyValue(LogKey.NODE, nodeName)
        .addKeyValue(LogKey.RESOURCE, access.server())
        .addKeyValue(LogKey.PATH, pins.publicFolder())
        .log("starting");
    try (TaskStore store = Planes.open(choice, pins, cgroups, note -> LOG.atWarn().log(note));
        ApiConnection connection = new ApiConnection(access, Version.text())) {
      store.listen(dirty::mark);
      String plane = store.plane().display();
      AgentMetrics metrics = new AgentMetrics(Version.text(), plane);
      AgentView view = new AgentView(nodeName, plane);
      Optional<Checkpoint> remembered = remembered();
      try (Endpoints _ =
              Endpoints.open(
                  telemetry.listen(),
                  telemetry.debugListen(),
                  view::readiness,
                  metrics.registry(),
                  view::state);
          ApiObserver api = ApiObserver.of(connection, nodeName, remembered, dirty::mark, metrics);
          NodeStateWriter writer =
              NodeStateWriter.start(connection, nodeName, reportDelay, metrics);
          CgroupWatch watch = CgroupWatch.start(cgroups.root(), dirty);
          ContainerEvents events =
              ContainerEvents.of(nri, store.plane() == Plane.IN_KERNEL, waking(dirty), metrics)) {
        view.observedBy(api);
        view.heardBy(events);
        NodeAgent probed = agent(plane);
        AgentReporter reporter =
            new AgentReporter(
                nodeName, stateDir, () -> with(probed, events), api, writer, metrics, view);
        NodeFacts unknown = new NodeFacts(nodeName, Map.of());
        LastAccepted before =
            new LastAccepted(remembered.map(Checkpoint::accepted).orElse(Map.of()));
        Turn turn = new Turn(unknown, cgroups, store, Optional.of(pins), before, reporter::turn);
        Duration pause = interval.orElse(Planes.interval(store.plane()));
        new ClusterLoop(api, turn, watch, events, pause, reporter::began).run(dirty);
        reporter.ended();
      }
    }
    LOG.atInfo().addKeyValue(LogKey.NODE, nodeName).log("ended, values stay in force");
  }

  private Optional<Checkpoint> remembered() {
    return switch (Checkpoint.read(stateDir, nodeName, access.server().toString())) {
      case Checkpoint.Found.Nothing() -> Optional.empty();
      case Checkpoint.Found.Of(Checkpoint checkpoint) -> {
        LOG.atInfo()
            .addKeyValue(LogKey.PATH, stateDir)
            .addKeyValue(LogKey.COUNT, checkpoint.objects().size())
            .log("beginning with a checkpoint");
        yield Optional.of(checkpoint);
      }
      case Checkpoint.Found.Discarded(String why) -> {
        LOG.atWarn()
            .addKeyValue(LogKey.PATH, stateDir)
            .addKeyValue(LogKey.REASON, why)
            .log("checkpoint discarded");
        yield Optional.empty();
      }
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
    return new NodeAgent(probed.version(), probed.kernelVersion(), probed.propagation(), features);
  }

  private static NodeAgent agent(String plane) {
    Probe probe = new Probe();
    List<String> features = new ArrayList<>();
    if (probe.taskStorage() instanceof ProbeResult.Yes) {
      features.add("TaskStorage");
    }
    if (probe.threadPidfd() instanceof ProbeResult.Yes) {
      features.add("ThreadPidfd");
    }
    return new NodeAgent(Version.text(), System.getProperty("os.version", ""), plane, features);
  }
}
