package io.taskstorage.agent.command;

import io.taskstorage.agent.demo.Leftovers;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import io.taskstorage.taskstore.TaskStores;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Removes everything of ours from a node. */
@Command(
    name = "clean",
    description = {
      "Removes everything of taskstorage from this node.",
      "Every map, pin and folder below the bpffs folder goes, retained maps included. Entries go"
          + " with their map, once no program uses it any more.",
      "What a demo that was killed left behind goes too.",
      "Refused while an agent runs there. What others pinned is left alone and named."
    })
public final class CleanCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private NodeOptions node = new NodeOptions();

  @Override
  public void run() {
    PinTree tree = node.pinTree();
    PrintWriter out = spec.commandLine().getOut();
    // First: a demo mounts a bpffs of its own just where there is none.
    Leftovers.remove(tree, node.cgroupRoot()).forEach(out::println);
    List<RecordedMap> maps = Records.list(tree);
    if (!Files.exists(tree.agentFolder()) && !Files.exists(tree.publicFolder())) {
      out.println("nothing of taskstorage below " + tree.root());
      out.flush();
      return;
    }
    List<Path> left = TaskStores.clean(tree);
    maps.forEach(map -> out.println("removed map " + map.name() + " (" + map.bpfName() + ")"));
    List.of(tree.publicFolder(), tree.agentFolder()).stream()
        .filter(folder -> !Files.exists(folder))
        .forEach(folder -> out.println("removed " + folder));
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    left.forEach(
        path ->
            err.println(
                "clean " + path + ": not made by taskstorage: remove it yourself if you want"));
    err.flush();
  }
}
