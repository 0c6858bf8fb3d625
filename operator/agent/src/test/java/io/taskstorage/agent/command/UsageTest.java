package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What does not reach a kernel: usage, versions, and folders that are no bpffs. */
class UsageTest {
  @Test
  void withoutACommandTheUsageIsAnError() {
    // When
    CommandRun run = CommandRun.of();

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("Usage: taskstorage ").contains("entries");
  }

  @Test
  void unknownCommandSuggestsTheOneThatWasMeant() {
    // When
    CommandRun run = CommandRun.of("entires");

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith(
            "taskstorage: unmatched argument at index 0: 'entires': see 'taskstorage --help'\n")
        .contains("Did you mean")
        .contains("entries");
  }

  @Test
  void taskMustBeNamed() {
    // When
    CommandRun run = CommandRun.of("get", "tenant-ctx");

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "taskstorage get: missing required argument (specify one of these): (--pid=N |"
                + " --tid=N): see 'taskstorage get --help'\n");
  }

  @Test
  void onlyOneTaskCanBeNamed() {
    // When
    CommandRun run = CommandRun.of("get", "tenant-ctx", "--pid=1", "--tid=2");

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--pid=N").contains("mutually exclusive");
  }

  @Test
  void outputFormatIsOneOfTwo() {
    // When
    CommandRun run = CommandRun.of("entries", "tenant-ctx", "-o", "xml");

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("[TABLE, JSON]").contains("'xml'");
  }

  @Test
  void folderThatIsNoBpffsIsRefusedWithHowToMountOne(@TempDir Path folder) {
    // When
    CommandRun run = CommandRun.of("entries", "tenant-ctx", "--bpffs=" + folder);

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "open %1$s: not a bpf file system: mount -t bpf bpf %1$s\n".formatted(folder)));
  }

  @Test
  void versionNamesThisBuild() {
    // When
    CommandRun run = CommandRun.of("version");

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("taskstorage \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"),
            line -> assertThat(line).startsWith("Java 25"),
            line -> assertThat(line).startsWith("Linux "));
    assertThat(CommandRun.of("--version").out())
        .isEqualTo(run.out().lines().findFirst().orElseThrow() + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"run", "demo", "entries", "get", "set", "delete", "header", "doctor", "clean"})
  void everyCommandHasHelp(String command) {
    // When
    CommandRun run = CommandRun.of(command, "--help");

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Usage: taskstorage " + command);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void helpFitsATerminal() {
    // Given
    CommandLine root = TaskStorageCommand.commandLine(java.util.Map.of());

    // When
    List<String> lines =
        root.getSubcommands().values().stream()
            .flatMap(command -> command.getUsageMessage().lines())
            .toList();

    // Then
    assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line).hasSizeLessThan(96));
  }
}
