package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Gcc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name that is accepted must compile: tried with every word that a compiler may know. */
class CIdentifierTest {

  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern MACRO = Pattern.compile("#define ([A-Za-z_][A-Za-z0-9_]*)");

  @ParameterizedTest
  @ValueSource(strings = {"gnu17", "gnu2x"})
  void acceptsOnlyWhatCompiles(String standard) throws IOException {
    // Given: the words in the compiler's own program, and its macros, for every machine
    TreeSet<String> words = new TreeSet<>();
    for (String machine : List.of("x86_64-linux-gnu", "aarch64-linux-gnu")) {
      words.addAll(wordsOfCompiler(machine));
      words.addAll(macros(machine, standard));
    }
    List<String> accepted =
        words.stream().filter(w -> StructLayout.problems(w, fields(w)).isEmpty()).toList();
    String source =
        accepted.stream()
            .map(w -> "struct " + w + " { __u8 " + w + "; };\n")
            .collect(Collectors.joining("", "#include <linux/types.h>\n", "int main(void) {}\n"));

    // When
    Path program = Gcc.compile("names", source, "-std=" + standard);

    // Then
    assertThat(program).isExecutable();
    assertThat(accepted).hasSizeGreaterThan(10_000).contains("main", "printf", "errno");
    assertThat(words).contains("while", "__attribute__", "linux", "__ARM_NEON", "_LINUX_TYPES_H");
  }

  @Test
  void refusesNoMoreThanItMust() {
    // Given
    Stream<String> names =
        Stream.of(
            "_",
            "__",
            "_x",
            "__pad",
            "__reserved",
            "__data",
            "_private",
            "class",
            "new",
            "delete",
            "namespace",
            "template",
            "task_struct",
            "u8",
            "__u8",
            "size_t",
            "NULL",
            "stdin",
            "Linux",
            "INT",
            "Bool",
            "string",
            "interface",
            "has__inner",
            "trailing__",
            "x__",
            "___",
            "____");

    // When, then
    assertThat(names)
        .allSatisfy(
            name -> {
              assertThat(CIdentifier.isWellFormed(name)).isTrue();
              assertThat(CIdentifier.reservedBecause(name)).isEmpty();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "1a", "a-b", "a.b", "a b", "a\n", "a\0", "ä", "aé", "Ω", "a٣", "a$", "😀"
      })
  void isAscii(String name) {
    // When, then
    assertThat(CIdentifier.isWellFormed(name)).isFalse();
  }

  private static List<Field> fields(String name) {
    return List.of(Field.scalar(name, ScalarType.U8));
  }

  private static List<String> wordsOfCompiler(String machine) throws IOException {
    String bytes = Files.readString(Compiler.proper(machine), StandardCharsets.ISO_8859_1);
    return WORD.matcher(bytes).results().map(MatchResult::group).distinct().toList();
  }

  private static List<String> macros(String machine, String standard) {
    String types = "#if __has_include(<asm/types.h>)\n#include <linux/types.h>\n#endif\n";
    String text = Compiler.preprocess(machine, types, "-dM", "-std=" + standard);
    return MACRO.matcher(text).results().map(m -> m.group(1)).toList();
  }
}
