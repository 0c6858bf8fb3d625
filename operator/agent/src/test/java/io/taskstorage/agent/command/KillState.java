package io.taskstorage.agent.command;

import io.taskstorage.layout.Decoder;
import io.taskstorage.taskstore.EntryAccess.TaskResult;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import io.taskstorage.testkit.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What agents have left on a node, one line each, in words that are the same for every run: pins
 * and records by path and mode, and the entries of tasks.
 */
final class KillState {
  private KillState() {}

  /**
   * Reads it.
   *
   * @param members whose entries it tells, and those of a child of each that is born meanwhile
   */
  static List<String> of(Path bpffs, Runs runs, Map<String, Task> members) {
    List<String> lines = new ArrayList<>();
    for (Path top : List.of(runs.tree().publicFolder(), runs.tree().agentFolder())) {
      pins(bpffs, top, lines);
    }
    List<RecordedMap> maps = Records.list(runs.tree());
    members.forEach(
        (name, task) -> {
          Task child = task.fork();
          for (RecordedMap map : maps) {
            lines.add("%s of %s: %s".formatted(map.name(), name, entry(map, task)));
            if (!map.retained()) {
              lines.add("%s of a child of %s: %s".formatted(map.name(), name, entry(map, child)));
            }
          }
          child.exit();
          child.reap();
        });
    for (RecordedMap map : maps) {
      lines.add(told(runs.tree(), map));
    }
    return lines;
  }

  private static String told(PinTree tree, RecordedMap map) {
    return "map %s: name %s  reclaim %s  public %s  retained %s"
        .formatted(
            map.name(), map.bpfName(), map.reclaim(), Records.isPublic(tree, map), map.retained());
  }

  private static String entry(RecordedMap map, Task task) {
    return switch (Records.get(map, task.tid())) {
      case TaskResult.Done(var value) -> Decoder.display(map.layout(), value.toBytes()).toString();
      case TaskResult.NoEntry() -> "none";
      case TaskResult other -> throw new AssertionError(other);
    };
  }

  private static void pins(Path root, Path top, List<String> lines) {
    try (Stream<Path> paths = Files.walk(top)) {
      for (Path path : paths.sorted().toList()) {
        // Each set of programs has a number of its own.
        String name = root.relativize(path).toString().replaceFirst("programs/\\d+", "programs/N");
        String what =
            Files.isSymbolicLink(path)
                ? "-> " + Files.readSymbolicLink(path)
                : PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        lines.add(name + " " + what);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
