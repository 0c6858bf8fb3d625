package io.taskstorage.agent.command;

import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.FileObserver;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.policy.Acceptance;
import io.taskstorage.policy.AcceptanceInput;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.Verdict;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The C view of a map's value, for whoever reads it. */
@Command(
    name = "header",
    description = {
      "Prints the C header of a map's value.",
      "The compiler that includes it checks size and offsets.",
      "With -f from the manifests of a folder: needs no kernel, no privileges and no agent."
    })
public final class HeaderCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private MapArgument map = new MapArgument();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "DIR",
      description = "Folder of manifests that has the map (default: the map of this node).")
  private Optional<Path> folder = Optional.empty();

  @Mixin private NodeOptions node = new NodeOptions();

  @Override
  public void run() {
    StructLayout layout =
        folder.map(this::layoutIn).orElseGet(() -> map.find("header", node.pinTree()).layout());
    PrintWriter out = spec.commandLine().getOut();
    out.print(layout.cHeader());
    out.flush();
  }

  private StructLayout layoutIn(Path manifests) {
    ApiState state = settled(new FileObserver(manifests, InstantSource.system()));
    List<TaskStorageMap> maps =
        state.objects().values().stream()
            .map(Origin::object)
            .filter(TaskStorageMap.class::isInstance)
            .map(TaskStorageMap.class::cast)
            .toList();
    Verdict<AcceptedMap> verdict =
        Acceptance.of(AcceptanceInput.ofMaps(maps)).maps().get(map.name());
    return switch (verdict) {
      case Verdict.Accepted<AcceptedMap> accepted -> accepted.value().layout();
      case Verdict.Refused<AcceptedMap> refused ->
          throw new CommandFailure(
              refused.problems().stream()
                  .map(problem -> "header " + map.name() + ": " + problem)
                  .collect(Collectors.joining("\n")));
      case null -> throw missing(manifests, state);
    };
  }

  /** A file that was written a moment ago is read once it has been still. */
  private static ApiState settled(FileObserver observer) {
    ApiState state = observer.observe();
    while (state.settling()) {
      LockSupport.parkNanos(FileObserver.settleTime().toNanos());
      state = observer.observe();
    }
    return state;
  }

  private CommandFailure missing(Path manifests, ApiState state) {
    if (!state.problems().isEmpty()) {
      return new CommandFailure(
          state.problems().stream()
              .map(problem -> "header " + map.name() + ": " + problem)
              .collect(Collectors.joining("\n")));
    }
    String names =
        state.objects().keySet().stream()
            .filter(key -> key.kind().equals(TaskStorageMap.class.getSimpleName()))
            .map(ObjectKey::name)
            .collect(Collectors.joining(", "));
    return new CommandFailure(
        "header "
            + map.name()
            + ": no TaskStorageMap of this name in "
            + manifests
            + (names.isEmpty() ? ": there is none in it" : ": use one of " + names));
  }
}
