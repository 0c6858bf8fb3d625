package io.taskstorage.agent.command;

import io.taskstorage.agent.CgroupWatch;
import io.taskstorage.agent.Dirty;
import io.taskstorage.agent.cluster.ApiAccess;
import io.taskstorage.agent.cluster.ApiConnection;
import io.taskstorage.agent.cluster.ApiObserver;
import io.taskstorage.agent.cluster.Checkpoint;
import io.taskstorage.agent.observe.CgroupObserver;
import io.taskstorage.agent.telemetry.AgentMetrics;
import io.taskstorage.agent.telemetry.AgentView;
import io.taskstorage.console.Version;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinAccess;
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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an agent together, and takes it apart in the opposite order.
 *
 * @param pinAccess whom the pins of the maps let in
 * @param stateDir holds the checkpoint; exists
 * @param nri where the container runtime tells of containers; empty = nobody asks
 * @param takesOver whether it asks for the node where another process holds it
 */
record AgentProcess(
    String nodeName,
    ApiAccess access,
    NodeOptions node,
    PinAccess pinAccess,
    Path stateDir,
    PlaneChoice choice,
    boolean takesOver,
    Optional<Duration> interval,
    Duration reportDelay,
    Optional<Path> nri,
    TelemetryOptions telemetry) {
  private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);

  /** Works until {@code dirty} is stopped; leaves maps, pins and values in force. */
  void run(Dirty dirty) {
    CgroupTree cgroups = node.cgroupTree();
    PinTree pins = node.pinTree().letting(pinAccess);
    LOG.atInfo()
        .addKeyValue(LogKey.VERSION, Version.text())
        .addKeyValue(LogKey.NODE, nodeName)
        .addKeyValue(LogKey.RESOURCE, access.server())
        .addKeyValue(LogKey.PATH, pins.publicFolder())
        .log("starting");
    AgentMetrics metrics = new AgentMetrics();
    CgroupObserver look = new CgroupObserver(cgroups);
    try (ApiConnection connection = new ApiConnection(access, Version.text());
        ApiObserver api =
            ApiObserver.of(connection, nodeName, remembered(), dirty::mark, metrics)) {
      // The server is asked while the plane is tried: each takes long in a process that is cold.
      api.observe(look.observe());
      List<String> notes = new ArrayList<>();
      Plane plane =
          Planes.choose(
              choice,
              note -> {
                notes.add(note);
                LOG.atWarn().log(note);
              });
      metrics.agent(Version.text(), plane.display());
      AgentView view = new AgentView(nodeName, plane.display(), notes);
      view.observedBy(api);
      work(new Ground(cgroups, pins, look, plane), connection, api, metrics, view, dirty);
    }
    LOG.atInfo().addKeyValue(LogKey.NODE, nodeName).log("ended, values stay in force");
  }

  /** What an agent works on. */
  private record Ground(CgroupTree cgroups, PinTree pins, CgroupObserver look, Plane plane) {}

  private void work(
      Ground ground,
      ApiConnection connection,
      ApiObserver api,
      AgentMetrics metrics,
      AgentView view,
      Dirty dirty) {
    CgroupTree cgroups = ground.cgroups();
    PinTree pins = ground.pins();
    Succession succession =
        new Succession(pins, takesOver, () -> Planes.open(ground.plane(), pins, cgroups), view);
    try (Endpoints _ =
            Endpoints.open(
                telemetry.listen(),
                telemetry.debugListen(),
                view::readiness,
                metrics.registry(),
                view::state);
        CgroupWatch watch = CgroupWatch.start(cgroups.root(), dirty)) {
      Tenure tenure = new Tenure(this, cgroups, pins, connection, api, watch, metrics, view);
      Optional<TaskStore> store;
      do {
        store = succession.await(dirty, () -> isPrepared(api, ground.look().observe()));
        store.ifPresent(held -> tenure.hold(held, dirty));
      } while (store.isPresent());
    }
  }

  /** A successor that a server does not tell everything would let a node get old that is not. */
  private static boolean isPrepared(ApiObserver api, CgroupSnapshot cgroups) {
    return api.observe(cgroups).complete() && api.remembered().isEmpty();
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
}
