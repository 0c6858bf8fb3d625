package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DecoderTest {

  private static final StructLayout LAYOUT =
      StructLayout.parse("s{ok:Bool,id:U32,app:Char[5],hits:S16!Program}");

  private static final byte[] BYTES =
      HexFormat.of().parseHex("01000000" + "07000000" + "610a620000" + "00" + "feff");

  @Test
  void decodesEveryFieldInDeclaredOrder() {
    // When, then
    assertThat(Decoder.decode(LAYOUT, BYTES))
        .containsExactly(
            entry("ok", "true"), entry("id", "7"), entry("app", "a\nb"), entry("hits", "-2"));
    assertThat(Decoder.display(LAYOUT, BYTES))
        .containsExactly(
            entry("ok", "true"), entry("id", "7"), entry("app", "a\\x0ab"), entry("hits", "-2"));
  }

  @Test
  void refusesBytesOfAnotherLayout() {
    // When, then
    assertThatThrownBy(() -> Decoder.decode(LAYOUT, new byte[15]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("decode struct s: 15 bytes, not 16: they belong to another layout");
  }
}
