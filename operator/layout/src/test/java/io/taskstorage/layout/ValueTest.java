package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ValueTest {

  /** Bytes: 0 a, 1 padding, 2-3 b, 4-7 seen (a program's), 8 c, 9-11 padding. */
  private static final StructLayout LAYOUT =
      StructLayout.parse("s{a:U8,b:U16,seen:U32!Program,c:U8}");

  @Test
  void isZeroUntilFieldsAreSet() {
    // Given
    Value zero = Value.zero(LAYOUT.sizeBytes());

    // When
    Value set = zero.withField(field("b"), new byte[] {0x34, 0x12}).withField(field("c"), b(7));

    // Then
    assertThat(zero.toHex()).isEqualTo("000000000000000000000000");
    assertThat(set.toHex()).isEqualTo("000034120000000007000000");
    assertThat(set.fieldBytes(field("b"))).containsExactly(0x34, 0x12);
    assertThat(set.sizeBytes()).isEqualTo(12);
  }

  @Test
  void keepsItsBytesToItself() {
    // Given
    byte[] given = {1, 2, 3};
    Value value = Value.of(given);

    // When
    given[0] = 9;
    value.toBytes()[1] = 9;

    // Then
    assertThat(value.toBytes()).containsExactly(1, 2, 3);
    assertThat(value).isEqualTo(Value.of(new byte[] {1, 2, 3}));
    assertThat(value).hasSameHashCodeAs(Value.of(new byte[] {1, 2, 3}));
    assertThat(value).isNotEqualTo(Value.of(new byte[] {1, 2, 4}));
    assertThat(value).hasToString("Value[3 bytes]");
  }

  @Test
  void mergesItsOwnBytesOnly() {
    // Given
    byte[] existing = {-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12};
    Value wanted = Value.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});

    // When
    Value merged = wanted.mergedInto(existing, LAYOUT);

    // Then
    assertThat(merged.toBytes()).containsExactly(1, -2, 3, 4, -5, -6, -7, -8, 9, -10, -11, -12);
    assertThat(existing[0]).isEqualTo((byte) -1);
    assertThat(wanted.sameOwnedBytes(merged.toBytes(), LAYOUT)).isTrue();
  }

  @Test
  void comparesItsOwnBytesOnly() {
    // Given
    byte[] owned = {1, 0, 3, 4, 0, 0, 0, 0, 9, 0, 0, 0};
    Value wanted = Value.of(owned);

    for (int i = 0; i < owned.length; i++) {
      // When
      byte[] existing = owned.clone();
      existing[i] ^= (byte) 0x80;
      boolean same = wanted.sameOwnedBytes(existing, LAYOUT);

      // Then
      boolean isOwned = i == 0 || i == 2 || i == 3 || i == 8;
      assertThat(same).as("byte %s differs", i).isEqualTo(!isOwned);
    }
    assertThat(wanted.sameOwnedBytes(owned, LAYOUT)).isTrue();
  }

  @Test
  void refusesBytesOfAnotherLayout() {
    // Given
    Value value = Value.zero(12);
    Value shorter = Value.zero(11);

    // When, then
    assertThatThrownBy(() -> value.withField(field("b"), b(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("set field b: 1 bytes, not 2: it belongs to another layout");
    assertThatThrownBy(() -> value.mergedInto(new byte[13], LAYOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("merge value of struct s: 13 bytes, not 12: it belongs to another layout");
    assertThatThrownBy(() -> shorter.sameOwnedBytes(new byte[12], LAYOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("compare value of struct s: 11 bytes, not 12: it belongs to another layout");
  }

  private static PlacedField field(String name) {
    return LAYOUT.field(name).orElseThrow();
  }

  private static byte[] b(int value) {
    return new byte[] {(byte) value};
  }
}
