package io.taskstorage.bpf.btf;

import java.util.List;

/** One type of a BTF object. Ids are those of the same object; 0 is void. */
public sealed interface BtfType {
  /** The kind it was written as. */
  BtfKind kind();

  /** The name; empty where the type has none. */
  String name();

  /** Id 0. */
  record VoidType() implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.VOID;
    }

    @Override
    public String name() {
      return "";
    }
  }

  /**
   * An integer.
   *
   * @param sizeBytes of the whole
   * @param bits that count, from {@code bitOffset} on
   */
  record IntType(
      String name,
      int sizeBytes,
      boolean signed,
      boolean character,
      boolean bool,
      int bitOffset,
      int bits)
      implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.INT;
    }
  }

  /** A floating point number. */
  record FloatType(String name, int sizeBytes) implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.FLOAT;
    }
  }

  /** An array. */
  record ArrayType(int elementTypeId, int indexTypeId, int elements) implements BtfType {
    @Override
    public BtfKind kind() {
      return BtfKind.ARRAY;
    }

    @Override
    public String name() {
      return "";
    }
  }

  /**
   * A struct or a union.
   *
   * @param kind STRUCT or UNION
   * @param name empty for an anonymous one
   */
  record Composite(BtfKind kind, String name, int sizeBytes, List<Member> members)
      implements BtfType {
    /** Keeps a copy of the members. */
    public Composite {
      members = List.copyOf(members);
    }
  }

  /**
   * A member of a struct or union.
   *
   * @param name empty for an anonymous struct or union
   * @param offsetBits from the begin
   * @param bitfieldBits width of a bit field; 0 for every other member
   */
  record Member(String name, int typeId, int offsetBits, int bitfieldBits) {
    /** Whether the member begins on a byte and is no bit field. */
    boolean isAddressable() {
      return bitfieldBits == 0 && offsetBits % Byte.SIZE == 0;
    }
  }

  /**
   * An enum of either width.
   *
   * @param kind ENUM or ENUM64
   */
  record Enumeration(BtfKind kind, String name, int sizeBytes, List<Constant> constants)
      implements BtfType {
    /** Keeps a copy of the constants. */
    public Enumeration {
      constants = List.copyOf(constants);
    }
  }

  /** A constant of an enum. */
  record Constant(String name, long value) {}

  /**
   * A type that stands for another one, or decorates it: pointer, typedef, const, volatile,
   * restrict, tag, function, variable.
   *
   * @param targetTypeId what it stands for, points to, or decorates; a function's prototype
   */
  record Reference(BtfKind kind, String name, int targetTypeId) implements BtfType {}

  /**
   * Everything that the binding looks at by name only: forward declarations, prototypes, data
   * sections.
   */
  record Other(BtfKind kind, String name) implements BtfType {}
}
