package io.taskstorage.bpf.btf;

/**
 * The kinds of BTF types; ordinals are the kernel's BTF_KIND numbers (include/uapi/linux/btf.h).
 */
public enum BtfKind {
  VOID,
  INT,
  PTR,
  ARRAY,
  STRUCT,
  UNION,
  ENUM,
  FWD,
  TYPEDEF,
  VOLATILE,
  CONST,
  RESTRICT,
  FUNC,
  FUNC_PROTO,
  VAR,
  DATASEC,
  FLOAT,
  DECL_TAG,
  TYPE_TAG,
  ENUM64;

  static final int MAGIC = 0xeb9f;
  private static final BtfKind[] ALL = values();

  @SuppressWarnings("EnumOrdinal") // The order of the constants is the kernel's numbering.
  int number() {
    return ordinal();
  }

  /** The kind of a number, VOID where there is none. */
  static BtfKind ofNumber(int number) {
    return number >= 0 && number < ALL.length ? ALL[number] : VOID;
  }

  /** Bytes that follow the 12 common ones, for a type with this many members. */
  int trailingBytes(int members) {
    return switch (this) {
      case INT, VAR, DECL_TAG -> 4;
      case ARRAY -> 12;
      case STRUCT, UNION, DATASEC, ENUM64 -> 12 * members;
      case ENUM, FUNC_PROTO -> 8 * members;
      default -> 0;
    };
  }

  /** Whether a value of such a type is a value of the type that it refers to. */
  boolean isTransparent() {
    return switch (this) {
      case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG -> true;
      default -> false;
    };
  }
}
