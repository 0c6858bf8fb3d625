package io.taskstorage.agent.command;

import io.taskstorage.console.CommandFailure;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Parameters;

/** MAP: a map of this node by the name of its TaskStorageMap, whether an agent runs or not. */
final class MapArgument {
  @Parameters(index = "0", paramLabel = "MAP", description = "Name of the TaskStorageMap.")
  private String name = "";

  String name() {
    return name;
  }

  /**
   * What the node remembers of the map.
   *
   * @param operation the command, for the message
   * @throws CommandFailure if there is no such map; the message lists those there are
   */
  RecordedMap find(String operation, PinTree tree) {
    Optional<RecordedMap> found =
        MapName.isValid(name) ? Records.find(tree, new MapName(name)) : Optional.empty();
    return found.orElseThrow(() -> unknown(operation, tree));
  }

  private CommandFailure unknown(String operation, PinTree tree) {
    List<RecordedMap> known = Records.list(tree);
    if (known.isEmpty()) {
      return new CommandFailure(
          operation
              + " "
              + name
              + ": no map is in force below "
              + tree.root()
              + ": start an agent with 'taskstorage run DIR', or give its --bpffs folder");
    }
    String names =
        known.stream()
            .map(map -> map.name() + (map.retained() ? " (retained)" : ""))
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return new CommandFailure(
        operation + " " + name + ": no such map below " + tree.root() + ": use one of " + names);
  }
}
