package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.taskstorage.layout.RandomLiterals.Pair;
import io.taskstorage.testkit.Gcc;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The proof of the module: every offset, size and byte against the compiler's. */
class GccLayoutTest {

  private static final int GENERATED = 400;

  @Test
  void placesEveryByteWhereGccDoes() {
    // Given
    List<StructLayout> layouts = layouts();
    RandomLiterals literals = new RandomLiterals(4);
    CProgram program = new CProgram();
    List<String> expected = new ArrayList<>();
    for (StructLayout layout : layouts) {
      List<Pair> instance = literals.instance(layout).toList();
      program.add(layout, instance.stream().map(Pair::initializer).toList());
      expected.add(line(layout, instance.stream().map(Pair::literal).toList()));
    }

    // When
    List<String> compiled = Gcc.run("layouts", program.source()).stdoutIfDone().lines().toList();

    // Then
    assertThat(layouts).hasSizeGreaterThan(500);
    assertThat(compiled).containsExactlyElementsOf(expected);
  }

  @Test
  void generatesWhatIsWorthComparing() {
    // Given
    List<StructLayout> layouts = layouts();

    // When
    List<Field> fields =
        layouts.stream().flatMap(l -> l.fields().stream()).map(PlacedField::field).toList();

    // Then: every type, alone and as array, both ends of the counts, inner and trailing padding
    for (ScalarType type : ScalarType.values()) {
      assertThat(fields.stream().filter(f -> f.type() == type && f.length().isEmpty()).count())
          .as("%s", type)
          .isGreaterThan(type.needsLength() ? -1 : 100);
      assertThat(fields.stream().filter(f -> f.type() == type && f.length().isPresent()).count())
          .as("%s[]", type)
          .isGreaterThan(type.allowsLength() ? 100 : -1);
    }
    assertThat(layouts).extracting(l -> l.fields().size()).contains(1, 2, 3, 63, 64);
    assertThat(layouts).extracting(StructLayout::sizeBytes).contains(1, 65400, 65407);
    assertThat(layouts).extracting(StructLayout::alignmentBytes).contains(1, 2, 4, 8);
    assertThat(layouts.stream().filter(GccLayoutTest::endsInPadding).count()).isGreaterThan(100);
  }

  private static List<StructLayout> layouts() {
    RandomLayouts random = new RandomLayouts(5);
    return Stream.concat(
            RandomLayouts.extremes().stream(),
            Stream.concat(
                IntStream.rangeClosed(1, 64).mapToObj(i -> random.withFields("count_" + i, i)),
                IntStream.range(0, GENERATED).mapToObj(i -> random.next("generated_" + i))))
        .toList();
  }

  private static boolean endsInPadding(StructLayout layout) {
    return layout.fields().getLast().endBytes() < layout.sizeBytes();
  }

  /** What the C program prints of this layout and this instance, computed by the module. */
  private static String line(StructLayout layout, List<String> literals) {
    Value value = Value.zero(layout.sizeBytes());
    for (int i = 0; i < literals.size(); i++) {
      PlacedField placed = layout.fields().get(i);
      value =
          switch (Literal.encode(placed.field(), literals.get(i))) {
            case Encoded.Bytes(byte[] bytes) -> value.withField(placed, bytes);
            case Encoded.Problem(String message) -> fail(layout + " " + placed + ": " + message);
          };
    }
    String offsets =
        layout.fields().stream()
            .map(placed -> String.valueOf(placed.offsetBytes()))
            .collect(Collectors.joining(" "));
    return "%s %s %s %s %s"
        .formatted(
            layout.typeName(), layout.sizeBytes(), layout.alignmentBytes(), offsets, value.toHex());
  }
}
