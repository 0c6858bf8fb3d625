package io.taskstorage.agent.command;

import io.taskstorage.agent.AgentConfig;
import io.taskstorage.agent.Dirty;
import io.taskstorage.agent.Loop;
import io.taskstorage.agent.report.Standing;
import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Probe;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.Terminal;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinAccess;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Records;
import io.taskstorage.taskstore.StoreException;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run DIR}: the standalone agent. */
@Command(
    name = "run",
    description = {
      "Keeps the tasks of this node in line with the manifests in a folder.",
      "Reads TaskStorageMap and ClusterTaskStoragePolicy objects from *.yaml, *.yml and *.json,"
          + " again whenever they change, and ends on Ctrl-C or SIGTERM."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Ended as asked; with --once: everything was taken and done.",
      "1:Could not start or end cleanly; with --once: something was refused or failed.",
      "2:Wrong usage."
    })
final class RunCommand implements Callable<Integer> {
  /** How changes are told. */
  enum Format {
    TEXT,
    JSON
  }

  @Parameters(paramLabel = "DIR", description = "Folder of manifests.")
  private Path folder = Path.of("");

  @Option(names = "--once", description = "Do one turn and end.")
  private boolean once;

  @Option(
      names = "--keep",
      description = "Leave maps and values in force at the end (default: remove the maps).")
  private boolean keep;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "How to tell changes: text (the default) or json, one object per line.")
  private Format format = Format.TEXT;

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
              + " rescan (the kernel's maps, filled by passes over the tasks), emulated (no bpf(2):"
              + " values live in this process only), or auto (the default: the best that the"
              + " kernel offers, never emulated).")
  private PlaneChoice plane = PlaneChoice.AUTO;

  @Mixin private NodeOptions node = new NodeOptions();

  @Mixin private PinOptions pinOptions = new PinOptions();

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      description = "Name of this node for selectors (default: the host name).")
  private Optional<String> nodeName = Optional.empty();

  @Option(
      names = "--node-label",
      paramLabel = "KEY=VALUE",
      description =
          "A label of this node for selectors; may be given several times. kubernetes.io/os,"
              + " kubernetes.io/arch and kubernetes.io/hostname are there without asking.")
  private Map<String, String> nodeLabels = new LinkedHashMap<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PinAccess access = pinOptions.access(spec.commandLine());
    Path manifests = folder.toAbsolutePath().normalize();
    if (!Files.isDirectory(manifests)) {
      String why = Files.exists(manifests) ? "not a folder" : "no such folder";
      throw new CommandFailure(
          "open " + folder + ": " + why + ": name the folder that holds the manifests");
    }
    NodeFacts facts = NodeLabels.of(nodeName, nodeLabels);
    Dirty dirty = new Dirty();
    try (EndOnSignal _ = EndOnSignal.watch(dirty)) {
      return run(manifests, facts, access, dirty);
    } catch (StoreException e) {
      throw new CommandFailure(e.problem().message(), e);
    }
  }

  private int run(Path manifests, NodeFacts facts, PinAccess access, Dirty dirty) {
    CgroupTree cgroups = node.cgroupTree();
    Optional<PinTree> pins =
        plane == PlaneChoice.EMULATED
            ? Optional.empty()
            : Optional.of(node.pinTree().letting(access));
    pins.ifPresent(_ -> requireTaskStorage());
    boolean isFailed;
    RunOutput output =
        new RunOutput(spec.commandLine().getOut(), Terminal.ofStandardOutput(), format);
    List<String> notes = new ArrayList<>();
    try (TaskStore store =
        pins.map(tree -> Planes.open(Planes.choose(plane, notes::add), tree, cgroups))
            .orElseGet(() -> TaskStores.emulated(cgroups))) {
      Duration pause = Optional.ofNullable(interval).orElse(Planes.interval(store.plane()));
      AgentConfig config = new AgentConfig(manifests, pause, facts);
      output.started(store.plane(), config, cgroups.root(), pins);
      notes.forEach(output::note);
      store.listen(dirty);
      Loop loop = new Loop(config, cgroups, store, pins, output::report);
      Standing standing = once ? loop.once(dirty) : loop.run(dirty);
      isFailed = once && standing.isFailed();
      if (!keep) {
        isFailed |= loop.removeAll().isFailed();
      }
    }
    if (!keep) {
      pins.ifPresent(tree -> removeFolders(tree, output));
    }
    output.ended(keep);
    return isFailed ? 1 : 0;
  }

  /** Told before anything is made; a later refusal would be told for each map. */
  static void requireTaskStorage() {
    switch (new Probe().taskStorage()) {
      case ProbeResult.Yes() -> {}
      case ProbeResult.No(String reason, String mend) ->
          throw new CommandFailure("use task storage: " + reason + ": " + mend);
      case ProbeResult.Unknown(BpfException cause) ->
          throw new CommandFailure(String.valueOf(cause.getMessage()), cause);
    }
  }

  /** The folders go with the last map; what is retained or not ours keeps them. */
  private static void removeFolders(PinTree tree, RunOutput output) {
    if (Records.list(tree).isEmpty()) {
      TaskStores.clean(tree)
          .forEach(
              left ->
                  output.note("left " + left + ": it is not ours: remove it if nobody uses it"));
    }
  }
}
