package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** No row without a check, no check without a row; and how tables are read. */
final class ErrnoTableTest {

  @ParameterizedTest
  @EnumSource
  void everyRowHasACheckAndEveryCheckARow(Table table) {
    // When
    List<String> rows = table.rows().stream().map(Row::id).toList();

    // Then
    assertThat(rows).isNotEmpty().containsExactlyInAnyOrderElementsOf(table.checks().keySet());
  }

  @Test
  void idsAreUniqueAcrossTables() {
    // When
    Stream<String> ids =
        Stream.of(Table.values()).flatMap(table -> table.checks().keySet().stream());

    // Then
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void everyRowSaysWhatItsCaseIs() {
    // When
    Stream<Row> rows = Stream.of(Table.values()).flatMap(table -> table.rows().stream());

    // Then
    assertThat(rows).allSatisfy(row -> assertThat(row.what()).as(row.id()).isNotBlank());
  }

  @Test
  void oneColumnMakesARowOfALineAndMoreMakeOneOfEachCell() {
    // When
    List<Row> one = Row.parse("t", "case | answer | what\na | ok | the a\n");
    List<Row> two = Row.parse("t", "case | x | y | what\n# no row\n\na | ok | EPERM | the a\n");

    // Then
    assertThat(one).extracting(Row::id).containsExactly("a");
    assertThat(two).extracting(Row::id).containsExactly("x.a", "y.a");
    assertThat(two.getLast().expected().newest()).isEqualTo(new Answer("EPERM"));
  }

  @ParameterizedTest
  @CsvSource({
    "6.18, ENOENT",
    "7.0, ENOENT",
    "6.16, ENOENT",
    "6.15, EINVAL",
    "6.4, EINVAL",
    "6.3, ok",
    "5.11, ok"
  })
  void theLowestBoundThatHoldsDecides(String kernel, String expected) {
    // Given
    Expectation expectation = Expectation.parse("ENOENT, EINVAL before 6.16, ok before 6.4");

    // When
    Answer answer = expectation.on(KernelVersion.parse(kernel));

    // Then
    assertThat(answer).isEqualTo(new Answer(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "6.18, 6, 18",
    "6.18.44-custom, 6, 18",
    "5.15.0-1.el9, 5, 15",
    "7.0-rc1, 7, 0",
  })
  void aKernelsReleaseBeginsWithItsVersion(String release, int major, int minor) {
    assertThat(KernelVersion.parse(release)).isEqualTo(new KernelVersion(major, minor));
  }

  @Test
  void whatIsNoTableIsRefused() {
    assertThatThrownBy(() -> Row.parse("t", "case | answer | what\na | ok\n"))
        .hasMessage("table t: [a, ok]: 2 cells: the head has 3");
    assertThatThrownBy(() -> Row.parse("t", "case | answer | what\na | ok | x\na | ok | x\n"))
        .hasMessage("table t: a: twice");
    assertThatThrownBy(() -> Row.read("no.rows"))
        .hasMessage("read table no.rows: no such resource");
    assertThatThrownBy(() -> Expectation.parse("fine"))
        .hasMessage("expectation fine: neither ok, refused, - nor the name of an errno");
    assertThatThrownBy(() -> Expectation.parse("ok, EPERM after 6.1"))
        .hasMessage(
            "expectation ok, EPERM after 6.1: \"EPERM after 6.1\" is not ANSWER before VERSION");
    assertThatThrownBy(() -> KernelVersion.parse("six"))
        .hasMessage("kernel version six: begins with no two numbers: write it like 6.18");
    assertThatThrownBy(() -> new Checks().add("a", s -> Answer.OK).add("a", s -> Answer.OK))
        .hasMessage("check a: added twice");
  }
}
