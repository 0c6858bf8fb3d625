package io.taskstorage.agent.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The C view of the value of a map in force, for whoever reads it. */
@Command(
    name = "header",
    description = {
      "Prints the C header of a map of this node.",
      "The compiler that includes it checks size and offsets. From manifests, without a node, the"
          + " same header comes from 'taskstorage layout --header'."
    })
public final class HeaderCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private MapArgument map = new MapArgument();
  @Mixin private NodeOptions node = new NodeOptions();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(map.find("header", node.pinTree()).layout().cHeader());
    out.flush();
  }
}
