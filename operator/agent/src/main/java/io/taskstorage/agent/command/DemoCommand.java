package io.taskstorage.agent.command;

import io.taskstorage.agent.Dirty;
import io.taskstorage.agent.demo.Demo;
import io.taskstorage.agent.demo.StoryBroken;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The product in a minute. */
@Command(
    name = "demo",
    description = {
      "Shows in a minute what this is for.",
      "Plays on processes and in cgroups of its own, with a map and pins of its own: an agent that"
          + " runs here is not disturbed.",
      "As root on the kernel itself; else the same story with the map kept in memory, and it says"
          + " so. Leaves nothing behind, also after Ctrl-C."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final Duration READING = Duration.ofMillis(2500);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--pause",
      paramLabel = "TIME",
      converter = DurationText.class,
      description =
          "How long to wait after each chapter: 500ms, 5s … (default: 2500ms on a terminal, none"
              + " elsewhere).")
  private Optional<Duration> pause = Optional.empty();

  @Mixin private NodeOptions node = new NodeOptions();

  @Override
  public Integer call() {
    Dirty dirty = new Dirty();
    try (EndOnSignal _ = EndOnSignal.watch(dirty)) {
      return tell(dirty) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private boolean tell(Dirty dirty) {
    CommandLine command = spec.commandLine();
    Terminal terminal = Terminal.ofStandardOutput();
    Demo demo =
        new Demo(command.getOut(), command.getErr(), terminal, node.pinTree(), node.cgroupRoot());
    try {
      return demo.tell(dirty, pause.orElse(terminal.interactive() ? READING : Duration.ZERO));
    } catch (StoryBroken e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      // Most of these exceptions have the path as their whole message, and say the rest by their
      // name.
      throw new CommandFailure(
          "demo: " + e + ": see that there is room in the temporary folder", e);
    }
  }
}
