package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutBtfTest {
  private static final StructLayout LAYOUT =
      StructLayout.of(
          "ctx",
          List.of(
              Field.scalar("id", ScalarType.U64),
              Field.array("app", ScalarType.CHAR, 5),
              Field.scalar("on", ScalarType.BOOL)));

  @Test
  void theBytesAreAFunctionOfTheLayoutAndNeverChange() {
    // When
    LayoutBtf btf = LayoutBtf.of(LAYOUT);
    // Then: adoption compares these bytes with those of a map that an older version made.
    assertThat(HexFormat.of().formatHex(btf.blob().toBytes()))
        .isEqualTo(
            String.join(
                "",
                // magic, version, header of 24; types at 0, 148 bytes; strings at 148, 55 bytes
                "9feb010018000000" + "00000000" + "94000000" + "94000000" + "37000000",
                "01000000" + "00000001" + "04000000" + "20000001", // [1] int
                "05000000" + "00000001" + "08000000" + "40000000", // [2] unsigned long long
                "18000000" + "00000008" + "02000000", // [3] typedef __u64 [2]
                "1e000000" + "00000001" + "01000000" + "08000001", // [4] char
                "00000000" + "00000003" + "00000000" + "04000000" + "01000000" + "05000000", // [5]
                "23000000" + "00000001" + "01000000" + "08000004", // [6] _Bool
                "29000000" + "03000004" + "10000000", // [7] struct ctx, 3 members, 16 bytes
                "2d000000" + "03000000" + "00000000", // id at bit 0
                "30000000" + "05000000" + "40000000", // app at bit 64
                "34000000" + "06000000" + "68000000", // on at bit 104
                strings(
                    "",
                    "int",
                    "unsigned long long",
                    "__u64",
                    "char",
                    "_Bool",
                    "ctx",
                    "id",
                    "app",
                    "on")));
    assertThat(btf.keyTypeId()).isEqualTo(1);
    assertThat(btf.valueTypeId()).isEqualTo(7);
  }

  private static String strings(String... texts) {
    String all = String.join("\0", texts) + "\0";
    return HexFormat.of().formatHex(all.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void namesAndOrderAndLengthsMakeOtherBytes() {
    // Given
    StructLayout longer =
        StructLayout.of(
            "ctx",
            List.of(
                Field.scalar("id", ScalarType.U64),
                Field.array("app", ScalarType.CHAR, 6),
                Field.scalar("on", ScalarType.BOOL)));
    // When, Then
    assertThat(LayoutBtf.of(LAYOUT).blob()).isEqualTo(LayoutBtf.of(LAYOUT).blob());
    assertThat(LayoutBtf.of(longer).blob()).isNotEqualTo(LayoutBtf.of(LAYOUT).blob());
  }
}
