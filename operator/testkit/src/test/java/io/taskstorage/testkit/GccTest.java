package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GccTest {
  private static final String HELLO =
      """
      #include <stdio.h>
      int main(int argc, char **argv) { printf("%d %s\\n", argc, argv[1]); return 5; }
      """;

  @Test
  void programIsCompiledAndRun() {
    // When
    Outcome outcome = Gcc.run("hello", HELLO, "you");

    // Then
    assertThat(outcome.stdout()).isEqualTo("2 you\n");
    assertThat(outcome.exitCode()).isEqualTo(5);
  }

  @Test
  void sameSourceIsCompiledOnce() throws IOException {
    // Given
    Path first = Gcc.compile("hello", HELLO);
    FileTime built = Files.getLastModifiedTime(first);

    // Then
    assertThat(Gcc.compile("hello", HELLO)).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(first)).isEqualTo(built);
    assertThat(Gcc.compile("hello", HELLO + "\n")).isNotEqualTo(first);
    assertThat(Gcc.compile("hello", HELLO, "-DX=1")).isNotEqualTo(first);
  }

  @Test
  void filesIncludeEachOther(@TempDir Path folder) throws IOException {
    // Given
    Path header = Files.writeString(folder.resolve("answer.h"), "enum { ANSWER = 42 };\n");
    Path source =
        Files.writeString(
            folder.resolve("answer.c"),
            "#include \"answer.h\"\nint main(void) { return ANSWER; }\n");

    // When
    Path program = Gcc.compileFiles("answer", List.of(source, header));

    // Then
    assertThat(Command.of(program.toString()).run().exitCode()).isEqualTo(42);
    assertThatThrownBy(() -> Gcc.compileFiles("answer", List.of(folder.resolve("none.c"))))
        .hasMessageEndingWith("none.c");
  }

  @Test
  void refusalHasTheCompilersWords() {
    assertThatThrownBy(() -> Gcc.compile("broken", "int main(void) { return nothing; }\n"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("compile broken: gcc refused:")
        .hasMessageContaining("nothing");
  }
}
