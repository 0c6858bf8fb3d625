package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** docs/reference/commands.md is what the commands say of themselves. */
class CommandReferenceTest {
  private static final Path PAGE =
      Path.of(System.getProperty("root.dir", "../..")).resolve("docs/reference/commands.md");

  @Test
  void pageIsWhatTheCommandsSay() throws IOException {
    // Given
    String page = page(TaskStorageCommand.commandLine(Map.of()));

    // When
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(PAGE, page);
    }

    // Then
    assertThat(PAGE).as("after a wanted change: -Dgolden.update=true").hasContent(page);
  }

  private static String page(CommandLine root) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Commands

        What `taskstorage COMMAND --help` prints, and what holds for all commands.

        - Exit codes: 0 done, 1 failed, 2 wrong usage.
        - What a command was asked for goes to standard output; everything else to standard error. A
          failure is one message, `operation object: cause: how to mend it`.
        - Colours only on a terminal, and none where `NO_COLOR` is set. JSON is UTF-8 in every locale.
        - Values in JSON are text, as `set` and a policy take them: a `U64` fits no JSON number.
        - MAP is the name of a TaskStorageMap. It works while an agent runs and after it ended with
          `--keep`.
        """);
    section(page, root);
    root.getSubcommands().values().forEach(command -> section(page, command));
    return page.toString();
  }

  private static void section(StringBuilder page, CommandLine command) {
    page.append("\n## ")
        .append(command.getCommandSpec().qualifiedName())
        .append("\n\n```\n")
        .append(command.getUsageMessage(CommandLine.Help.Ansi.OFF))
        .append("```\n");
  }
}
