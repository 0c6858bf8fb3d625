package io.taskstorage.layout;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The type of a field, or of each element of a field with a length.
 *
 * <p>Sizes and alignments are those of the C types on x86_64 and arm64, where every one of these
 * types is aligned to its own size. {@link #CHAR} and {@link #BYTES} exist only with a length: text
 * that ends with a NUL, and bytes without meaning.
 */
public enum ScalarType {
  U8("U8", "__u8", 1),
  U16("U16", "__u16", 2),
  U32("U32", "__u32", 4),
  U64("U64", "__u64", 8),
  S8("S8", "__s8", 1),
  S16("S16", "__s16", 2),
  S32("S32", "__s32", 4),
  S64("S64", "__s64", 8),
  BOOL("Bool", "_Bool", 1),
  CHAR("Char", "char", 1),
  BYTES("Bytes", "__u8", 1);

  private static final Map<String, ScalarType> BY_WIRE_NAME =
      Stream.of(values())
          .collect(Collectors.toUnmodifiableMap(ScalarType::wireName, Function.identity()));

  private final String wireName;
  private final String cName;
  private final int sizeBytes;

  ScalarType(String wireName, String cName, int sizeBytes) {
    this.wireName = wireName;
    this.cName = cName;
    this.sizeBytes = sizeBytes;
  }

  /** The type with this name in a manifest; names are case sensitive. */
  public static Optional<ScalarType> ofWireName(String wireName) {
    return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
  }

  /** The name in manifests and status, such as {@code U8} or {@code Char}. */
  public String wireName() {
    return wireName;
  }

  /** The C type of one element, as {@code <linux/types.h>} and the C language spell it. */
  public String cName() {
    return cName;
  }

  /** Size of one element, which is also its alignment. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** True for S8, S16, S32 and S64 only; the sign of C's {@code char} has no meaning here. */
  public boolean isSigned() {
    return switch (this) {
      case S8, S16, S32, S64 -> true;
      case U8, U16, U32, U64, BOOL, CHAR, BYTES -> false;
    };
  }

  /** True for the types whose literal is a number, and of which there are arrays. */
  public boolean isInteger() {
    return switch (this) {
      case U8, U16, U32, U64, S8, S16, S32, S64 -> true;
      case BOOL, CHAR, BYTES -> false;
    };
  }

  /** True for the types that exist only with a length. */
  public boolean needsLength() {
    return this == CHAR || this == BYTES;
  }

  /** False for the one type of which there is no array. */
  public boolean allowsLength() {
    return this != BOOL;
  }
}
