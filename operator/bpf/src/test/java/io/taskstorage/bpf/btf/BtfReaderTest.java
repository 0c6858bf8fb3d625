package io.taskstorage.bpf.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the writer wrote, and what nobody should have written. */
class BtfReaderTest {
  private final SampleTypes sample = SampleTypes.of();
  private final BtfReader reader = sample.reader();

  @Test
  void readsEveryKindBack() {
    // When, Then
    assertThat(reader.typeCount()).isEqualTo(sample.ids().size() + 1);
    assertThat(reader.type(0)).isEqualTo(new BtfType.VoidType());
    assertThat(type("int")).isEqualTo(new BtfType.IntType("int", 4, true, false, false, 0, 32));
    assertThat(type("char")).isEqualTo(new BtfType.IntType("char", 1, false, true, false, 0, 8));
    assertThat(type("bool")).isEqualTo(new BtfType.IntType("_Bool", 1, false, false, true, 0, 8));
    assertThat(type("double")).isEqualTo(new BtfType.FloatType("double", 8));
    assertThat(type("array"))
        .isEqualTo(new BtfType.ArrayType(sample.id("char"), sample.id("int"), 24));
    assertThat(type("typedef"))
        .isEqualTo(new BtfType.Reference(BtfKind.TYPEDEF, "__u64", sample.id("u64")));
    assertThat(type("const"))
        .isEqualTo(new BtfType.Reference(BtfKind.CONST, "", sample.id("typedef")));
    assertThat(type("tag"))
        .isEqualTo(new BtfType.Reference(BtfKind.TYPE_TAG, "note", sample.id("int")));
    assertThat(type("pointer")).isEqualTo(new BtfType.Reference(BtfKind.PTR, "", sample.id("tag")));
    assertThat(type("forward")).isEqualTo(new BtfType.Other(BtfKind.FWD, "elsewhere"));
    assertThat(type("enum"))
        .isEqualTo(
            new BtfType.Enumeration(
                BtfKind.ENUM, "color", 4, List.of(new BtfType.Constant("RED", 3))));
    assertThat(type("struct"))
        .isEqualTo(
            new BtfType.Composite(
                BtfKind.STRUCT,
                "sample",
                48,
                List.of(
                    new BtfType.Member("id", sample.id("const"), 0, 0),
                    new BtfType.Member("", sample.id("inner"), 64, 0),
                    new BtfType.Member("name", sample.id("array"), 128, 0),
                    new BtfType.Member("next", sample.id("pointer"), 320, 0))));
  }

  @Test
  void findsByNameAndKind() {
    assertThat(reader.find("sample", BtfKind.STRUCT)).hasValue(sample.id("struct"));
    assertThat(reader.find("sample", BtfKind.UNION)).isEmpty();
    assertThat(reader.find("sampl", BtfKind.STRUCT)).isEmpty();
    assertThat(reader.find("samples", BtfKind.STRUCT)).isEmpty();
    assertThat(reader.constant("RED")).hasValue(3);
    assertThat(reader.constant("BLUE")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"id, 0", "a, 8", "b, 12", "name, 16", "next, 40"})
  void membersOfAnonymousStructsCountAsTheOutersOwn(String member, int offset) {
    assertThat(reader.memberOffset(sample.id("struct"), member)).hasValue(offset);
  }

  @ParameterizedTest
  @CsvSource({"absent", "next.a", "id.x", "a.b", "''", "."})
  void whatIsNoMemberHasNoOffset(String path) {
    assertThat(reader.memberOffset(sample.id("struct"), path)).isEmpty();
  }

  @Test
  void typedefsAndQualifiersAreSeenThrough() {
    assertThat(reader.resolve(sample.id("const"))).isEqualTo(sample.id("u64"));
    assertThat(reader.resolve(sample.id("pointer"))).isEqualTo(sample.id("pointer"));
  }

  @Test
  void aTypeThatRefersToItselfIsRefused() {
    // Given
    BtfWriter btf = new BtfWriter();
    btf.typedef("me", 2);
    btf.constant(1);
    BtfReader circle = BtfReader.of("circle", btf.toBlob());

    // When, Then
    assertThatThrownBy(() -> circle.resolve(1))
        .isInstanceOf(BtfException.class)
        .hasMessage("btf read circle: type 1: refers on and on");
  }

  @Test
  void aStructInsideItselfEnds() {
    // Given
    BtfWriter btf = new BtfWriter();
    btf.struct("me", 8, List.of(new BtfWriter.Member("", 1, 0), new BtfWriter.Member("", 1, 4)));
    BtfReader circle = BtfReader.of("circle", btf.toBlob());

    // When
    var offset = circle.memberOffset(1, "x");

    // Then
    assertThat(offset).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0  | 0x9feb     | begins with 9feb: BTF of this machine's byte order with eb9f
          4  | 23         | header up to byte 23 of 58
          4  | 61         | header up to byte 61 of 58
          8  | 37         | types up to byte 61 of 58
          12 | 37         | types up to byte 61 of 58
          12 | 17         | types up to byte 52 of 58
          12 | 0xfffffff0 | types up to byte 4294967304 of 58
          16 | 37         | strings up to byte 61 of 58
          20 | 0          | the strings do not begin and end with NUL
          20 | 5          | the strings do not begin and end with NUL
          20 | 0xffffffff | strings up to byte 4294967335 of 58
          28 | 0x1f000000 | type 1: unknown kind 31
          28 | 0x00000000 | type 1: unknown kind 0
          28 | 0x04ffffff | types up to byte 201326616 of 58
          """)
  void whatIsWrongIsSaid(int offset, String value, String what) {
    // Given: a header of 24 bytes, an int of 16, and the strings.
    BtfWriter btf = new BtfWriter();
    btf.integer("a type with name", 4, BtfWriter.Encoding.SIGNED);
    byte[] broken = btf.toBlob().toBytes();
    assertThat(broken).hasSize(58);

    // When
    int number = (int) Long.decode(value).longValue();
    ByteBuffer buffer = ByteBuffer.wrap(broken).order(ByteOrder.nativeOrder());
    if (offset == 0) {
      buffer.putShort(0, (short) number);
    } else {
      buffer.putInt(offset, number);
    }

    // Then
    assertThatThrownBy(() -> BtfReader.of("x", new BtfBlob(broken)))
        .isInstanceOf(BtfException.class)
        .hasMessage("btf read x: " + what);
  }

  @Test
  void aHeaderAloneIsTooShort() {
    assertThatThrownBy(() -> BtfReader.of("x", new BtfBlob(new byte[7])))
        .hasMessage("btf read x: 7 bytes: the header alone has 24");
  }

  @Test
  void anotherVersionIsRefused() {
    // Given
    byte[] bytes = sample.blob().toBytes();
    bytes[2] = 2;

    // When, Then
    assertThatThrownBy(() -> BtfReader.of("x", new BtfBlob(bytes)))
        .hasMessage("btf read x: version 2: only 1 is known");
  }

  @Test
  void idsAndNamesOutsideAreRefused() {
    // Given
    byte[] bytes = sample.blob().toBytes();
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(24, 1 << 20);
    BtfReader nameless = BtfReader.of("x", new BtfBlob(bytes));

    // When, Then
    assertThatThrownBy(() -> reader.type(99))
        .hasMessage("btf read sample: type 99: the ids end at 14");
    assertThatThrownBy(() -> reader.kind(-1))
        .hasMessage("btf read sample: type -1: the ids end at 14");
    assertThatThrownBy(() -> nameless.type(1))
        .hasMessageMatching("btf read x: type 1: name at byte 1048576 of \\d+");
  }

  private BtfType type(String name) {
    return reader.type(sample.id(name));
  }
}
