package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generated headers compile, and their assertions hold, for every supported machine. */
class CHeaderTest {

  /** The types of the header and no more, for compilers without an include folder. */
  private static final String TYPES =
      """
      typedef signed char __s8;
      typedef unsigned char __u8;
      typedef short __s16;
      typedef unsigned short __u16;
      typedef int __s32;
      typedef unsigned int __u32;
      __extension__ typedef long long __s64;
      __extension__ typedef unsigned long long __u64;
      """;

  /** Beside the types, a type that linux/types.h declares otherwise, as the real one has many. */
  private static final String VMLINUX_H =
      """
      #ifndef __VMLINUX_H__
      #define __VMLINUX_H__
      """
          + TYPES
          + """
          typedef struct { int val[2]; } __kernel_fsid_t;
          typedef _Bool bool;
          enum { false = 0, true = 1 };
          #endif
          """;

  @TempDir Path folder;

  @Test
  void readsAsAPersonWouldWriteIt() {
    // Given
    StructLayout layout =
        StructLayout.parse(
            "tenant_ctx{tenant_id:U64,qos:U8,guest:Bool,app:Char[32],key:Bytes[16],"
                + "weights:S16[4],hits:U64!Program}");

    // When
    String header = layout.cHeader();

    // Then
    assertThat(header).isEqualTo(Table.text(CHeaderTest.class, "/CHeaderTest/tenant_ctx.h"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"c11", "gnu11", "gnu17", "gnu2x"})
  void compilesInEveryDialectOfUserSpace(String standard) throws IOException {
    // Given: each header twice, so that the guards are needed
    List<Path> files = new ArrayList<>(headers());
    files.add(write("headers.c", includes(files) + includes(files) + "int main(void) {}\n"));

    // When
    Path program = Gcc.compileFiles("headers", files, "-std=" + standard);

    // Then
    assertThat(Command.of(program.toString()).run().exitCode()).isZero();
  }

  @Test
  void compilesAfterVmlinuxHeaderInsteadOfTheUserSpaceTypes() throws IOException {
    // Given
    List<Path> files = new ArrayList<>(headers());
    files.add(write("vmlinux.h", VMLINUX_H));
    String source = "#include \"vmlinux.h\"\n" + includes(headers()) + "int main(void) {}\n";
    files.add(write("headers.c", source));

    // When
    Path program = Gcc.compileFiles("vmlinux", files);

    // Then
    assertThat(Command.of(program.toString()).run().exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86_64-linux-gnu", "aarch64-linux-gnu"})
  void holdsForEverySupportedMachine(String machine) throws IOException {
    // Given
    String littleEndian =
        "_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, \"byte order\");\n";
    String right = littleEndian + includes(headers());
    String wrong = right + StructLayout.parse("w{a:U8,b:U32}").cHeader().replace("== 8", "== 5");

    // When
    Outcome compiled = syntaxOnly(machine, write("right.c", right));
    Outcome refused = syntaxOnly(machine, write("wrong.c", wrong));

    // Then
    assertThat(compiled.stderr()).isEmpty();
    assertThat(compiled.exitCode()).isZero();
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("static assertion failed: \"size of struct w\"");
  }

  @Test
  void refusesToCompileWhereTheLayoutDiffers() throws IOException {
    // Given: i386 aligns 64 bits to 4, and packing drops the padding
    List<Path> files = new ArrayList<>();
    files.add(header(StructLayout.parse("s{a:U8,b:U64}")));
    files.add(write("headers.c", includes(files) + "int main(void) {}\n"));

    // When, then
    assertThatThrownBy(() -> Gcc.compileFiles("packed", files, "-fpack-struct"))
        .hasMessageContaining("static assertion failed: \"size of struct s\"")
        .hasMessageContaining("static assertion failed: \"alignment of struct s\"")
        .hasMessageContaining("static assertion failed: \"offset of b\"");
  }

  /** The compiler proper of a gcc for the machine: it needs neither its libraries nor binutils. */
  private Outcome syntaxOnly(String machine, Path source) throws IOException {
    Path linux = Files.createDirectories(folder.resolve("include/linux"));
    Files.writeString(linux.resolve("types.h"), TYPES);
    return Command.of(
            Compiler.proper(machine).toString(),
            "-quiet",
            "-std=gnu17",
            "-Wall",
            "-Wextra",
            "-fsyntax-only")
        .arguments("-nostdinc", "-I", folder.resolve("include").toString(), source.toString())
        .run();
  }

  private List<Path> headers() {
    RandomLayouts random = new RandomLayouts(6);
    return Stream.concat(
            RandomLayouts.extremes().stream(),
            IntStream.range(0, 200).mapToObj(i -> random.next("generated_" + i)))
        .map(this::header)
        .toList();
  }

  private Path header(StructLayout layout) {
    return write(layout.typeName() + ".h", layout.cHeader());
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String includes(List<Path> headers) {
    return headers.stream()
        .map(file -> "#include \"" + file.getFileName() + "\"\n")
        .collect(Collectors.joining());
  }
}
