package io.taskstorage.bpf.btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a BTF object type by type. Each method adds one type and returns its id, the first is 1; 0
 * is void.
 *
 * <p>The format is that of Documentation/bpf/btf.rst: a header of 24 bytes, the types, the strings;
 * all in host byte order. The kernel judges the types when they are loaded.
 */
public final class BtfWriter {
  /** Encoding bits of an integer (BTF_INT_SIGNED, _CHAR, _BOOL). */
  public enum Encoding {
    /** No bit: an unsigned number. */
    UNSIGNED(0),
    /** A signed number. */
    SIGNED(1),
    /** A character. */
    CHAR(2),
    /** True or false. */
    BOOL(4);

    private final int bits;

    Encoding(int bits) {
      this.bits = bits;
    }
  }

  /**
   * A member of a struct.
   *
   * @param offsetBytes from the begin of the struct
   */
  public record Member(String name, int typeId, int offsetBytes) {}

  private static final int HEADER_BYTES = 24;

  private final ByteArrayOutputStream types = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Integer> stringOffsets = new HashMap<>();
  private int count;

  /** An object without types. */
  public BtfWriter() {
    strings.write(0);
    stringOffsets.put("", 0);
  }

  /** An integer of a whole number of bytes. */
  public int integer(String name, int sizeBytes, Encoding encoding) {
    return integer(name, sizeBytes, encoding, 0, sizeBytes * 8);
  }

  /** An integer with its bit offset and bit width spelled out. */
  public int integer(String name, int sizeBytes, Encoding encoding, int bitOffset, int bits) {
    int id = type(name, BtfKind.INT, 0, sizeBytes);
    u32(encoding.bits << 24 | bitOffset << 16 | bits);
    return id;
  }

  /** A floating point number. */
  public int floating(String name, int sizeBytes) {
    return type(name, BtfKind.FLOAT, 0, sizeBytes);
  }

  /** A pointer to a type; 0 for a pointer to void. */
  public int pointer(int typeId) {
    return type("", BtfKind.PTR, 0, typeId);
  }

  /** Another name of a type. */
  public int typedef(String name, int typeId) {
    return type(name, BtfKind.TYPEDEF, 0, typeId);
  }

  /** A type that is not to be written. */
  public int constant(int typeId) {
    return type("", BtfKind.CONST, 0, typeId);
  }

  /** A type with a tag, as the attribute {@code btf_type_tag} makes it. */
  public int typeTag(String name, int typeId) {
    return type(name, BtfKind.TYPE_TAG, 0, typeId);
  }

  /** A struct that is only declared. */
  public int forward(String name) {
    return type(name, BtfKind.FWD, 0, 0);
  }

  /** An array of so many elements. */
  public int array(int elementTypeId, int indexTypeId, int elements) {
    int id = type("", BtfKind.ARRAY, 0, 0);
    u32(elementTypeId);
    u32(indexTypeId);
    u32(elements);
    return id;
  }

  /** A struct; its members by rising offset. */
  public int struct(String name, int sizeBytes, List<Member> members) {
    int id = type(name, BtfKind.STRUCT, members.size(), sizeBytes);
    for (Member member : members) {
      u32(string(member.name()));
      u32(member.typeId());
      u32(member.offsetBytes() * 8);
    }
    return id;
  }

  /** An enum with its constants in their order. */
  public int enumeration(String name, int sizeBytes, Map<String, Integer> values) {
    int id = type(name, BtfKind.ENUM, values.size(), sizeBytes);
    values.forEach(
        (constant, value) -> {
          u32(string(constant));
          u32(value);
        });
    return id;
  }

  /** The object so far. */
  public BtfBlob toBlob() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.nativeOrder());
    header.putShort((short) BtfKind.MAGIC).put((byte) 1).put((byte) 0).putInt(HEADER_BYTES);
    header.putInt(0).putInt(types.size()).putInt(types.size()).putInt(strings.size());
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(header.array());
    all.writeBytes(types.toByteArray());
    all.writeBytes(strings.toByteArray());
    return new BtfBlob(all.toByteArray());
  }

  private int type(String name, BtfKind kind, int members, int sizeOrType) {
    u32(string(name));
    u32(kind.number() << 24 | members);
    u32(sizeOrType);
    return ++count;
  }

  private int string(String text) {
    Integer known = stringOffsets.get(text);
    if (known != null) {
      return known;
    }
    int offset = strings.size();
    strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    strings.write(0);
    stringOffsets.put(text, offset);
    return offset;
  }

  private void u32(int value) {
    types.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
  }
}
