package io.taskstorage.agent.command;

import io.taskstorage.agent.Dirty;
import io.taskstorage.agent.cluster.ApiAccess;
import io.taskstorage.agent.cluster.Checkpoint;
import io.taskstorage.agent.nri.ContainerEvents;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.taskstore.PinAccess;
import io.taskstorage.taskstore.StoreException;
import io.taskstorage.telemetry.Logs;
import io.taskstorage.telemetry.TelemetryOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code agent}: the agent of a cluster's node. */
@Command(
    name = "agent",
    description = {
      "Keeps the tasks of this node in line with the objects of a cluster.",
      "Lists and watches maps, policies and the pods of this node, and tells what it did in the"
          + " TaskStorageNodeState of the node's name. Ends on SIGTERM, and leaves maps and values"
          + " in force."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:Ended as asked.", "1:Could not start or go on.", "2:Wrong usage."})
final class AgentCommand implements Callable<Integer> {
  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      description = "Name of this node in the cluster (default: the variable NODE_NAME).")
  private Optional<String> nodeName = Optional.empty();

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where the API server is and as whom to speak to it (default: the account of the pod that"
              + " this runs in, else the variable KUBECONFIG).")
  private Optional<Path> kubeconfig = Optional.empty();

  @Mixin private NodeOptions node = new NodeOptions();

  @Mixin private PinOptions pins = new PinOptions();

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      defaultValue = "/run/taskstorage",
      description =
          "Folder of the last known state, with which an agent goes on that is started while no API"
              + " server answers (default: /run/taskstorage).")
  private Path stateDir = Path.of("/run/taskstorage");

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      converter = DurationText.class,
      description =
          "From one pass over the tasks to the next: 500ms, 2s, 2m … (default: 1s, and 60s where"
              + " programs in the kernel keep tasks in line and passes only make sure of it).")
  private @Nullable Duration interval;

  @Option(
      names = "--plane",
      defaultValue = "auto",
      description =
          "What keeps tasks in line: in-kernel (programs, from each task's first instruction on),"
              + " rescan (the kernel's maps, filled by passes over the tasks), or auto (the"
              + " default: the best that the kernel offers).")
  private PlaneChoice plane = PlaneChoice.AUTO;

  @Option(
      names = "--take-over",
      description =
          "Where another agent holds this node, ask it to let go of it: it finishes its turn, and"
              + " stays passive until it is ended. Without this an agent waits, and is not ready,"
              + " until the other one has ended.")
  private boolean takesOver;

  @Option(
      names = "--report-delay",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = DurationText.class,
      description =
          "A change of the node's state is written after a random time between zero and this (2s"
              + " unless given), so that many nodes do not write at once.")
  private Duration reportDelay = Duration.ofSeconds(2);

  @Option(
      names = "--nri",
      paramLabel = "SOCKET",
      defaultValue = ContainerEvents.SOCKET,
      description =
          "Where the container runtime tells of containers before they start, by its node resource"
              + " interface (default: ${DEFAULT-VALUE}); off = it is not asked. It may come"
              + " and go.")
  private String nri = ContainerEvents.SOCKET;

  @Mixin private TelemetryOptions telemetry = new TelemetryOptions(":9464", "127.0.0.1:9474");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    String name = nodeName.or(() -> Optional.ofNullable(System.getenv("NODE_NAME"))).orElse("");
    if (name.isBlank()) {
      throw new CommandFailure(
          "start agent: no node name: give it by --node-name or the variable NODE_NAME");
    }
    if (plane == PlaneChoice.EMULATED) {
      throw new ParameterException(
          spec.commandLine(),
          "--plane emulated: its values are in no kernel, so no program of the node could read"
              + " them: use auto, in-kernel or rescan");
    }
    PinAccess pinAccess = pins.access(spec.commandLine());
    ApiAccess access = ApiAccess.find(kubeconfig, System.getenv());
    Path folder = stateDir.toAbsolutePath().normalize();
    try {
      Checkpoint.prepare(folder);
    } catch (IOException e) {
      throw new CommandFailure(
          "open state folder %s: %s: give another by --state-dir".formatted(folder, e.getMessage()),
          e);
    }
    RunCommand.requireTaskStorage();
    telemetry.startLogs();
    Dirty dirty = new Dirty();
    try (EndOnSignal _ = EndOnSignal.watch(dirty)) {
      AgentProcess process =
          new AgentProcess(
              name,
              access,
              node,
              pinAccess,
              folder,
              plane,
              takesOver,
              Optional.ofNullable(interval),
              reportDelay,
              nri.equals("off") ? Optional.empty() : Optional.of(Path.of(nri)),
              telemetry);
      process.run(dirty);
      return 0;
    } catch (StoreException e) {
      throw new CommandFailure(e.problem().message(), e);
    } finally {
      Logs.stop();
    }
  }
}
