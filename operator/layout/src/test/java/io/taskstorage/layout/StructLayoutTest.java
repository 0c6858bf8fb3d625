package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Locale;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructLayoutTest {

  private static final String TENANT =
      "tenant_ctx{tenant_id:U64,qos:U8,app:Char[32],weights:U16[4],hits:U64!Program}";

  @Test
  void placesFieldsWithInnerAndTrailingPadding() {
    // Given
    String text = "s{flag:Bool,id:U64,qos:U8,weights:U16[3],key:Bytes[5]}";

    // When
    StructLayout layout = StructLayout.parse(text);

    // Then
    assertThat(layout.fields())
        .extracting(PlacedField::name, PlacedField::offsetBytes, PlacedField::sizeBytes)
        .containsExactly(
            row("flag", 0, 1),
            row("id", 8, 8),
            row("qos", 16, 1),
            row("weights", 18, 6),
            row("key", 24, 5));
    assertThat(layout.sizeBytes()).isEqualTo(32);
    assertThat(layout.alignmentBytes()).isEqualTo(8);
    assertThat(layout.fields())
        .extracting(PlacedField::alignmentBytes)
        .containsExactly(1, 8, 1, 2, 1);
  }

  @Test
  void findsFieldsByName() {
    // Given
    StructLayout layout = StructLayout.parse(TENANT);

    // When, then
    assertThat(layout.typeName()).isEqualTo("tenant_ctx");
    assertThat(layout.field("app")).map(PlacedField::offsetBytes).contains(9);
    assertThat(layout.field("App")).isEmpty();
  }

  @Test
  void mergesPolicyOwnedBytesThatTouch() {
    // Given: one byte of padding before weights, a program's field in the middle
    StructLayout layout =
        StructLayout.parse("s{a:U8,b:U8,weights:U32,seen:U64!Program,app:Char[3],last:U8}");

    // When
    List<ByteRange> ranges = layout.ownedRanges();

    // Then
    assertThat(ranges)
        .containsExactly(new ByteRange(0, 2), new ByteRange(4, 4), new ByteRange(16, 4));
  }

  @Test
  void ownsNothingWhereProgramsOwnAll() {
    // Given
    StructLayout layout = StructLayout.parse("s{a:U8!Program,b:U64!Program}");

    // When, then
    assertThat(layout.ownedRanges()).isEmpty();
  }

  @Test
  void keepsItsDigest() {
    // Given: the digest is stored beside pinned maps, so that a new version must compute the same
    StructLayout layout = StructLayout.parse(TENANT);

    // When, then
    assertThat(layout.digest())
        .isEqualTo("sha256:3d2e2c8b4bb70e3ff985d5885fc51aa0ab0d64ed38a2bbb5e6246df03066ccc8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "other{tenant_id:U64,qos:U8,app:Char[32]}",
        "tenant_ctx{tenant:U64,qos:U8,app:Char[32]}",
        "tenant_ctx{tenant_id:S64,qos:U8,app:Char[32]}",
        "tenant_ctx{tenant_id:U64,qos:U8,app:Bytes[32]}",
        "tenant_ctx{tenant_id:U64,qos:U8,app:Char[31]}",
        "tenant_ctx{tenant_id:U64,qos:U8[1],app:Char[32]}",
        "tenant_ctx{qos:U8,tenant_id:U64,app:Char[32]}",
        "tenant_ctx{tenant_id:U64,qos:U8}",
        "tenant_ctx{tenant_id:U64,qos:U8,app:Char[32],more:U8}",
      })
  void changesItsDigestWithEverythingThatTheBytesMean(String other) {
    // Given
    StructLayout layout = StructLayout.parse("tenant_ctx{tenant_id:U64,qos:U8,app:Char[32]}");

    // When
    String digest = StructLayout.parse(other).digest();

    // Then
    assertThat(digest).matches("sha256:[0-9a-f]{64}").isNotEqualTo(layout.digest());
  }

  @Test
  void leavesOwnersOutOfTheDigestButNotOfEquality() {
    // Given
    StructLayout policy = StructLayout.parse("s{a:U64}");
    StructLayout program = StructLayout.parse("s{a:U64!Program}");

    // When, then
    assertThat(policy.digest()).isEqualTo(program.digest());
    assertThat(policy).isNotEqualTo(program).isEqualTo(StructLayout.parse("s{a:U64}"));
    assertThat(policy).hasSameHashCodeAs(StructLayout.parse("s{a:U64}"));
    assertThat(policy).isNotEqualTo(StructLayout.parse("t{a:U64}"));
  }

  @Test
  void writesOneLineAndReadsItBack() {
    // Given
    StructLayout layout =
        StructLayout.of(
            "tenant_ctx",
            List.of(
                Field.scalar("tenant_id", ScalarType.U64),
                Field.scalar("qos", ScalarType.U8),
                Field.array("app", ScalarType.CHAR, 32),
                Field.array("weights", ScalarType.U16, 4),
                Field.scalar("hits", ScalarType.U64).ownedBy(Owner.PROGRAM)));

    // When, then
    assertThat(layout.toText()).isEqualTo(TENANT).hasToString(layout.toString());
    assertThat(StructLayout.parse(TENANT)).isEqualTo(layout);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|not of the form name{field:Type,…}",
        "s|not of the form name{field:Type,…}",
        "s{a:U8}x|not of the form name{field:Type,…}",
        "s{a:U8|not of the form name{field:Type,…}",
        "s{}|\"\" is no field",
        "s{a:U8,}|\"\" is no field",
        "s{a:U8 }|\"a:U8 \" is no field",
        "s{a:U8!Policy}|\"a:U8!Policy\" is no field",
        "s{a:U8[]}|\"a:U8[]\" is no field",
        "s{a:U8[123456]}|\"a:U8[123456]\" is no field",
        "s{a:F64}|\"F64\" is no type",
        "s{a:u8}|\"u8\" is no type",
        "s{a:U8[04]}|not in its canonical form",
      })
  void refusesTextOfOthers(String text, String cause) {
    // When, then
    assertThatThrownBy(() -> StructLayout.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("read layout text: " + cause + ": it was written by something else");
  }

  @Test
  void refusesTextOfAStructThatCannotBe() {
    // When, then
    assertThatThrownBy(() -> StructLayout.parse("s{a:U8,a:U8}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "lay out struct: value.fields[1].name: a is also the name of fields[0]:"
                + " give each field its own name");
  }

  @Test
  void dependsOnNoLocale() {
    // Given: a locale with digits of its own
    Locale before = Locale.getDefault();
    StructLayout layout = StructLayout.parse(TENANT);
    String header = layout.cHeader();
    Field qos = Field.scalar("qos", ScalarType.U8);
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

      // When, then
      assertThat(layout.cHeader()).isEqualTo(header);
      assertThat(StructLayout.parse(TENANT).digest()).isEqualTo(layout.digest());
      assertThat(Literal.encode(qos, "300"))
          .isEqualTo(new Encoded.Problem("out of range for U8 (0..255)"));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void namesTypesAndOwnersAsManifestsDo() {
    // When, then
    assertThat(ScalarType.values())
        .allSatisfy(t -> assertThat(ScalarType.ofWireName(t.wireName())).contains(t));
    assertThat(ScalarType.values())
        .extracting(ScalarType::wireName)
        .containsExactly(
            "U8", "U16", "U32", "U64", "S8", "S16", "S32", "S64", "Bool", "Char", "Bytes");
    assertThat(ScalarType.ofWireName("u8")).isEmpty();
    assertThat(Owner.ofWireName("Program")).contains(Owner.PROGRAM);
    assertThat(Owner.ofWireName("Policy")).contains(Owner.POLICY);
    assertThat(Owner.ofWireName("policy")).isEmpty();
  }

  private static Tuple row(String name, int offset, int size) {
    return tuple(name, offset, size);
  }
}
