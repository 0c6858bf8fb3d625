package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.taskstorage.layout.Definitions.Definition;
import io.taskstorage.layout.Table.Row;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutCheckTest {

  static Stream<Row> badDefinitions() {
    return Table.read(LayoutCheckTest.class, "bad-definitions.txt").rows().stream();
  }

  @ParameterizedTest
  @MethodSource("badDefinitions")
  void tellsEveryProblemWithItsPath(Row row) {
    // Given
    Definition definition = Definitions.definition(row.in());

    // When
    List<LayoutProblem> problems =
        StructLayout.problems(definition.typeName(), definition.fields());

    // Then
    assertThat(problems)
        .extracting(p -> p.path() + ": " + p.message())
        .containsExactlyElementsOf(row.out());
    assertThatThrownBy(() -> StructLayout.of(definition.typeName(), definition.fields()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lay out struct: " + String.join("; ", row.out()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s{a:U8}",
        "_{_:U8}",
        "class{new:U8,this:U8,private:U8}",
        "s{__pad:Bytes[4],__reserved:U8[3],_x:U8,__:U8,___:U8}",
        "s{Int:U8,INT:U8,errno:S32,main:U8,s:U8,__u64:U64,size_t:U8}",
        "n23456789012345678901234567890123456789012345678901234567890123{a:U8}",
        "s{a:Bytes[65407]}",
        "s{a:U64,b:Bytes[65392]}",
        "s{a:Char[1],b:U8[1],c:Bool}",
      })
  void acceptsWhatGccAccepts(String text) {
    // Given
    Definition definition = Definitions.definition(text);

    // When
    List<LayoutProblem> problems =
        StructLayout.problems(definition.typeName(), definition.fields());

    // Then
    assertThat(problems).isEmpty();
  }

  @Test
  void acceptsSixtyFourFieldsAndNoMore() {
    // Given
    List<Field> fields =
        IntStream.range(0, 65).mapToObj(i -> Field.scalar("f" + i, ScalarType.U8)).toList();

    // When
    List<LayoutProblem> most = StructLayout.problems("s", fields.subList(0, 64));
    List<LayoutProblem> tooMany = StructLayout.problems("s", fields);

    // Then
    assertThat(most).isEmpty();
    assertThat(tooMany)
        .extracting(LayoutProblem::path, LayoutProblem::message)
        .containsExactly(
            tuple(
                "value.fields",
                "65 fields: a struct has from 1 to 64: join some into arrays or drop some"));
  }

  @Test
  void knowsNoSizeOfAFieldWithoutAValidLength() {
    // Given
    Field missing = Definitions.field("app:Char");
    Field negative = Definitions.field("app:U8[-3]");

    // When, then
    assertThatThrownBy(missing::sizeBytes)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("size of field app: Char has no valid length: check it first");
    assertThatThrownBy(negative::elementCount)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("size of field app: U8[-3] has no valid length: check it first");
  }
}
