package io.taskstorage.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.console.Table.Column;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Terminal COLOURS = new Terminal(true, true);

  @Test
  void numbersKeepToTheRightAndTextToTheLeft() {
    // Given
    Table table = Table.of(Column.right("TID"), Column.left("COMM"), Column.right("qos"));

    // When
    table.row("7", "sleep", "1").row("12345", "a", "255");

    // Then
    assertThat(printed(table, Terminal.PLAIN))
        .isEqualTo(
            """
              TID  COMM   qos
                7  sleep    1
            12345  a      255
            """);
  }

  @Test
  void lineEndsWithItsLastLetter() {
    // Given
    Table table = Table.of(Column.left("A"), Column.left("B"));

    // When
    table.row("x", "").row("y", "long");

    // Then
    assertThat(printed(table, Terminal.PLAIN)).isEqualTo("A  B\nx\ny  long\n");
  }

  @Test
  void controlCharactersCannotReachTheTerminal() {
    // Given
    Table table = Table.of(Column.left("COMM"), Column.left("END"));

    // When
    table.row("\u001b[31mred\n", "|").row("a\u202eb", "|");

    // Then
    assertThat(printed(table, Terminal.PLAIN))
        .isEqualTo("COMM             END\n\\x1b[31mred\\x0a  |\na\\x202eb         |\n");
  }

  @Test
  void onlyTheHeadingIsDimmed() {
    // Given
    Table table = Table.of(Column.left("A"));

    // When
    table.row("x");

    // Then
    assertThat(printed(table, COLOURS)).isEqualTo("\u001b[2mA\u001b[0m\nx\n");
  }

  @Test
  void rowOfAnotherLengthIsRefused() {
    // Given
    Table table = Table.of(Column.left("A"), Column.left("B"));

    // When / Then
    assertThatThrownBy(() -> table.row("only one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("table row: 1 cells for 2 columns");
  }

  private static String printed(Table table, Terminal terminal) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    table.print(out, terminal);
    out.flush();
    return text.toString();
  }
}
