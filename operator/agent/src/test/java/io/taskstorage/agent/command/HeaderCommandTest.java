package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeaderCommandTest {
  private static final Path ROOT =
      Path.of(System.getProperty("root.dir", "../..")).toAbsolutePath();
  private static final String MAP =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStorageMap
      metadata: {name: %s}
      spec: {bpfName: m, value: {typeName: m, fields: [{name: a, type: %s}]}}
      """;

  @TempDir Path folder;

  @Test
  void headerOfTheSampleIsTheOneThatLiesBesideIt() throws IOException {
    // When
    CommandRun run = CommandRun.of("header", "tenant-ctx", "-f", ROOT + "/samples/quickstart");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0, Files.readString(ROOT.resolve("samples/quickstart/tenant_ctx.h")), ""));
  }

  @Test
  void mapThatIsNotThereListsThoseThatAre() throws IOException {
    // Given
    Files.writeString(folder.resolve("m.yaml"), MAP.formatted("hints", "U8"));

    // When
    CommandRun run = CommandRun.of("header", "hint", "-f", folder.toString());

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "header hint: no TaskStorageMap of this name in "
                    + folder
                    + ": use one of hints\n"));
  }

  @Test
  void emptyFolderHasNone() {
    // When
    CommandRun run = CommandRun.of("header", "hint", "-f", folder.toString());

    // Then
    assertThat(run.err())
        .isEqualTo(
            "header hint: no TaskStorageMap of this name in " + folder + ": there is none in it\n");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void mapThatIsRefusedSaysWhy() throws IOException {
    // Given
    Files.writeString(folder.resolve("m.yaml"), MAP.formatted("hints", "Char"));

    // When
    CommandRun run = CommandRun.of("header", "hints", "-f", folder.toString());

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("header hints: ").contains("spec.value.fields[0].length");
  }

  @Test
  void fileThatIsNoYamlSaysWhere() throws IOException {
    // Given
    Files.writeString(folder.resolve("m.yaml"), "kind: [\n");

    // When
    CommandRun run = CommandRun.of("header", "hints", "-f", folder.toString());

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("header hints: m.yaml:");
  }
}
