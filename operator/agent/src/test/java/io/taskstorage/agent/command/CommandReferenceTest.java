package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.cli.TaskStorageCli;
import io.taskstorage.console.CommandName;
import io.taskstorage.controller.command.TaskStorageController;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
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
      String first = command(name).getCommandSpec().usageMessage().description()[0];

      // Then
      assertThat(first).as(name.toString()).isEqualTo(name.description());
    }
  }

  private static CommandLine command(CommandName name) {
    CommandLine root =
        switch (name.home()) {
          case NODE -> TaskStorageCommand.commandLine(Map.of());
          case MANIFESTS -> TaskStorageCli.commandLine(Map.of());
          case CLUSTER -> TaskStorageController.commandLine(Map.of());
        };
    return Objects.requireNonNull(root.getSubcommands().get(name.toString()));
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
        """);
    section(page, TaskStorageCommand.commandLine(Map.of()));
    for (CommandName name : CommandName.values()) {
      section(page, command(name));
    }
    return page.toString();
  }

  private static void section(StringBuilder page, CommandLine command) {
    page.append("\n## ")
        .append(command.getCommandSpec().qualifiedName())
        .append("\n\n```\n")
        .append(usage(command))
        .append("```\n");
  }

  private static String usage(CommandLine command) {
    return command.getUsageMessage(CommandLine.Help.Ansi.OFF);
  }
}
