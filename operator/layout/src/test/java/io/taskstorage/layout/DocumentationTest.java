package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.taskstorage.layout.Definitions.Definition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages about layouts and types say what the module does. */
class DocumentationTest {

  private static final Path ROOT = Path.of(System.getProperty("root.dir", "../.."));

  private static final StructLayout QUICKSTART =
      StructLayout.parse("tenant_ctx{tenant_id:U64,qos:U8,app:Char[16],hits:U32!Program}");

  private static final StructLayout DENY_BY_VALUE =
      StructLayout.parse("net_trust{trust:U32,denied:U32!Program}");

  static Stream<List<String>> refusedDefinitions() {
    return rows("docs/reference/types.md", "| Definition | Path | Message |");
  }

  static Stream<List<String>> fittingLiterals() {
    return rows("docs/reference/types.md", "| Type | Literal | Bytes |");
  }

  static Stream<List<String>> refusedLiterals() {
    return rows("docs/reference/types.md", "| Type | Literal | Message |");
  }

  static Stream<List<String>> shownBytes() {
    return rows("docs/reference/types.md", "| Type | Bytes | Shown as |");
  }

  @ParameterizedTest
  @MethodSource("refusedDefinitions")
  void tellsTheMessagesOfDefinitions(List<String> row) {
    // Given
    Definition definition = Definitions.definition(row.get(0));

    // When
    List<LayoutProblem> problems =
        StructLayout.problems(definition.typeName(), definition.fields());

    // Then
    assertThat(problems)
        .extracting(LayoutProblem::path, LayoutProblem::message)
        .containsExactly(tuple(row.get(1), row.get(2)));
  }

  @ParameterizedTest
  @MethodSource("fittingLiterals")
  void tellsTheBytesOfLiterals(List<String> row) {
    // When
    Encoded encoded = Literal.encode(Definitions.field("f:" + row.get(0)), row.get(1));

    // Then
    assertThat(encoded).isEqualTo(new Encoded.Bytes(HexFormat.of().parseHex(row.get(2))));
  }

  @ParameterizedTest
  @MethodSource("refusedLiterals")
  void tellsTheMessagesOfLiterals(List<String> row) {
    // When
    Encoded encoded = Literal.encode(Definitions.field("f:" + row.get(0)), row.get(1));

    // Then
    assertThat(encoded)
        .isInstanceOfSatisfying(
            Encoded.Problem.class, problem -> assertThat(problem.message()).isEqualTo(row.get(2)));
  }

  @ParameterizedTest
  @MethodSource("shownBytes")
  void tellsHowBytesAreShown(List<String> row) {
    // When
    String shown =
        Literal.display(Definitions.field("f:" + row.get(0)), HexFormat.of().parseHex(row.get(1)));

    // Then
    assertThat(shown).isEqualTo(row.get(2));
  }

  @Test
  void placesTheQuickstartsStruct() {
    // Given
    String page = page("docs/explanation/layouts.md");
    Value value = value("tenant_id", "42", value("qos", "3", value("app", "web", null)));

    // When
    List<List<String>> places =
        rows("docs/explanation/layouts.md", "| Offset | Bytes | Field | C |").toList();

    // Then
    assertThat(places)
        .filteredOn(row -> !row.get(2).equals("padding"))
        .extracting(row -> row.get(0), row -> row.get(1), row -> row.get(2))
        .containsExactlyElementsOf(
            QUICKSTART.fields().stream()
                .map(f -> tuple("" + f.offsetBytes(), "" + f.sizeBytes(), f.name()))
                .toList());
    assertThat(page.lines().map(line -> line.replace(" ", ""))).contains(value.toHex());
    assertThat(page).contains(QUICKSTART.toText()).contains(QUICKSTART.digest());
  }

  @Test
  void shipsTheHeadersOfSamples() {
    assertThat(page("samples/quickstart/tenant_ctx.h")).isEqualTo(QUICKSTART.cHeader());
    assertThat(page("samples/deny-by-value/net_trust.h")).isEqualTo(DENY_BY_VALUE.cHeader());
  }

  private static Value value(String name, String literal, @Nullable Value before) {
    PlacedField placed = QUICKSTART.field(name).orElseThrow();
    byte[] bytes = ((Encoded.Bytes) Literal.encode(placed.field(), literal)).bytes();
    Value start = before == null ? Value.zero(QUICKSTART.sizeBytes()) : before;
    return start.withField(placed, bytes);
  }

  /** The rows of the table with this head; cells without their code marks. */
  private static Stream<List<String>> rows(String path, String head) {
    List<String> lines = page(path).lines().toList();
    int start = lines.indexOf(head);
    assertThat(start).as("%s has a table %s", path, head).isNotNegative();
    List<List<String>> rows = new ArrayList<>();
    for (int i = start + 2; i < lines.size() && lines.get(i).startsWith("|"); i++) {
      String line = lines.get(i);
      rows.add(
          Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
              .map(String::strip)
              .map(DocumentationTest::withoutCodeMarks)
              .toList());
    }
    assertThat(rows).isNotEmpty();
    return rows.stream();
  }

  private static String withoutCodeMarks(String cell) {
    return cell.startsWith("`") ? cell.substring(1, cell.length() - 1) : cell;
  }

  private static String page(String path) {
    try {
      return Files.readString(ROOT.resolve(path), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
