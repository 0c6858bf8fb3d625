package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.cli.TaskStorageCli;
import io.taskstorage.console.CommandName;
import io.taskstorage.controller.command.TaskStorageController;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** docs/reference/commands.md is what the commands say of themselves. */
class CommandReferenceTest {
  private static final Path PAGE =
      Path.of(System.getProperty("root.dir", "../..")).resolve("docs/reference/commands.md");

  @Test
  void pageIsWhatTheCommandsSay() throws IOException {
    // Given
    String page = page();

    // When
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(PAGE, page);
    }

    // Then
    assertThat(PAGE).as("after a wanted change: -Dgolden.update=true").hasContent(page);
  }

  @Test
  void allProgramsListAllCommands() {
    // When
    String ofNode = usage(TaskStorageCommand.commandLine(Map.of()));
    String ofManifests = usage(TaskStorageCli.commandLine(Map.of()));
    String ofCluster = usage(TaskStorageController.commandLine(Map.of()));

    // Then
    assertThat(ofManifests).isEqualTo(ofNode);
    assertThat(ofCluster).isEqualTo(ofNode);
  }

  @Test
  void theListSaysWhatEachCommandSaysOfItself() {
    for (CommandName name : CommandName.values()) {
      // When
      List<String> first =
          commands(name).stream()
              .map(command -> command.getCommandSpec().usageMessage().description()[0])
              .distinct()
              .toList();

      // Then
      assertThat(first).as(name.toString()).containsExactly(name.description());
    }
  }

  /** The command, in each program that has it. */
  private static List<CommandLine> commands(CommandName name) {
    return Stream.of(
            Map.entry(CommandName.Home.NODE, TaskStorageCommand.commandLine(Map.of())),
            Map.entry(CommandName.Home.MANIFESTS, TaskStorageCli.commandLine(Map.of())),
            Map.entry(CommandName.Home.CLUSTER, TaskStorageController.commandLine(Map.of())))
        .filter(program -> name.home().isIn(program.getKey()))
        .map(program -> program.getValue().getSubcommands().get(name.toString()))
        .map(Objects::requireNonNull)
        .toList();
  }

  private static String page() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Commands

        What `taskstorage COMMAND --help` prints, and what holds for all commands.

        - Exit codes: 0 done, 1 failed, 2 wrong usage; where manifests are judged, 3: something is
          refused.
        - What a command was asked for goes to standard output; everything else to standard error. A
          failure is one message, `operation object: cause: how to mend it`.
        - Colours only on a terminal, and none where `NO_COLOR` is set. JSON is UTF-8 in every locale.
        - Values in JSON are text, as `set` and a policy take them: a `U64` fits no JSON number.
        - MAP is the name of a TaskStorageMap. It works while an agent runs and after it ended with
          `--keep`.
        - `entries`, `top` and `doctor` are about this node, unless `--node` or `--cluster` says
          otherwise; as a plugin of kubectl, about the cluster.
        """);
    section(page, TaskStorageCommand.commandLine(Map.of()), "");
    for (CommandName name : CommandName.values()) {
      String where = "";
      for (CommandLine command : commands(name)) {
        section(page, command, where);
        where = " of a cluster";
      }
    }
    return page.toString();
  }

  private static void section(StringBuilder page, CommandLine command, String where) {
    page.append("\n## ")
        .append(command.getCommandSpec().qualifiedName())
        .append(where)
        .append("\n\n```\n")
        .append(usage(command))
        .append("```\n");
  }

  private static String usage(CommandLine command) {
    return command.getUsageMessage(CommandLine.Help.Ansi.OFF);
  }
}
