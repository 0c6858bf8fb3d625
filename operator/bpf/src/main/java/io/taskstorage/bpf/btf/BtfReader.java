package io.taskstorage.bpf.btf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a BTF object. Making one finds where each type begins and no more; a type is read when it
 * is asked for, so that the kernel's hundred thousand types cost a few milliseconds and one int
 * each.
 *
 * <p>The bytes may be anybody's: whatever they say, a method ends, and throws nothing but {@link
 * BtfException}. Chains of types are followed at most {@value #LONGEST_CHAIN} steps, which is more
 * than the kernel itself allows. Immutable; any thread may use it.
 */
public final class BtfReader {
  static final int LONGEST_CHAIN = 64;

  /** How many anonymous structs and unions of one struct are searched for a member. */
  private static final int MOST_ANONYMOUS = 512;

  private static final int INT_SIGNED = 1;
  private static final int INT_CHAR = 2;
  private static final int INT_BOOL = 4;
  private static final int MEMBER_WORDS = 3;
  private static final int BITFIELD_SHIFT = 24;
  private static final int BITFIELD_OFFSET_MASK = 0xffffff;

  private final BtfBytes bytes;

  private BtfReader(BtfBytes bytes) {
    this.bytes = bytes;
  }

  /**
   * Looks through an object.
   *
   * @param object what it is, for messages
   * @throws BtfException if it is not well-formed
   */
  public static BtfReader of(String object, BtfBlob blob) {
    return new BtfReader(new BtfBytes(object, blob.shared()));
  }

  /** How many types there are, void included: one more than the highest id. */
  public int typeCount() {
    return bytes.count();
  }

  /**
   * A type by its id.
   *
   * @throws BtfException if there is none, or its name lies outside
   */
  public BtfType type(int id) {
    if (id == 0) {
      return new BtfType.VoidType();
    }
    BtfKind kind = kind(id);
    return switch (kind) {
      case VOID -> new BtfType.VoidType();
      case INT -> integer(id);
      case FLOAT -> new BtfType.FloatType(bytes.name(id), bytes.sizeOrType(id));
      case ARRAY -> new BtfType.ArrayType(bytes.word(id, 0), bytes.word(id, 1), bytes.word(id, 2));
      case STRUCT, UNION ->
          new BtfType.Composite(kind, bytes.name(id), bytes.sizeOrType(id), members(id));
      case ENUM, ENUM64 ->
          new BtfType.Enumeration(kind, bytes.name(id), bytes.sizeOrType(id), constants(id));
      case FWD, FUNC_PROTO, DATASEC -> new BtfType.Other(kind, bytes.name(id));
      case PTR, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, VAR, DECL_TAG, TYPE_TAG ->
          new BtfType.Reference(kind, bytes.name(id), bytes.sizeOrType(id));
    };
  }

  /** The kind of a type; cheaper than the type. */
  public BtfKind kind(int id) {
    return bytes.kind(id);
  }

  /** The first type of a name and kind. */
  public OptionalInt find(String name, BtfKind kind) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    for (int id = 1; id < bytes.count(); id++) {
      if (bytes.kind(id) == kind && bytes.isNamed(id, wanted)) {
        return OptionalInt.of(id);
      }
    }
    return OptionalInt.empty();
  }

  /** The value of a constant of any enum, anonymous ones included. */
  public OptionalLong constant(String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    for (int id = 1; id < bytes.count(); id++) {
      BtfKind kind = bytes.kind(id);
      if (kind == BtfKind.ENUM || kind == BtfKind.ENUM64) {
        int words = kind == BtfKind.ENUM ? 2 : 3;
        for (int i = 0; i < bytes.members(id); i++) {
          if (bytes.equals(bytes.word(id, i * words), wanted)) {
            return OptionalLong.of(value(id, kind, i));
          }
        }
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Where a member lies.
   *
   * @param typeId a struct or union, or a typedef or const of one
   * @param path a member's name; {@code a.b} is the member {@code b} of the member {@code a}.
   *     Members of anonymous structs and unions count as their own
   * @return the offset in bytes; empty where there is no such member, or it is a bit field
   */
  public OptionalInt memberOffset(int typeId, String path) {
    int offset = 0;
    int owner = typeId;
    for (String name : path.split("\\.", -1)) {
      Optional<BtfType.Member> member = member(owner, name);
      if (member.isEmpty() || !member.get().isAddressable()) {
        return OptionalInt.empty();
      }
      offset = notNegative(owner, offset + member.get().offsetBits() / Byte.SIZE);
      owner = member.get().typeId();
    }
    return OptionalInt.of(offset);
  }

  /** A member by name, its offset counted from the begin of {@code typeId}. */
  public Optional<BtfType.Member> member(int typeId, String name) {
    // Without a name there are only the anonymous ones, whose members count instead.
    return name.isEmpty() ? Optional.empty() : member(typeId, name, 0, new HashSet<>());
  }

  private Optional<BtfType.Member> member(int typeId, String name, int base, Set<Integer> seen) {
    int id = resolve(typeId);
    BtfKind kind = kind(id);
    // A type that was searched in vain has not got the member at any other place either. So each
    // is searched once, and a struct that contains itself ends.
    if ((kind != BtfKind.STRUCT && kind != BtfKind.UNION)
        || seen.size() >= MOST_ANONYMOUS
        || !seen.add(id)) {
      return Optional.empty();
    }
    for (BtfType.Member member : members(id)) {
      int offset = notNegative(typeId, base + member.offsetBits());
      if (member.name().equals(name)) {
        return Optional.of(
            new BtfType.Member(name, member.typeId(), offset, member.bitfieldBits()));
      }
      if (member.name().isEmpty()) {
        Optional<BtfType.Member> inner = member(member.typeId(), name, offset, seen);
        if (inner.isPresent()) {
          return inner;
        }
      }
    }
    return Optional.empty();
  }

  /**
   * What a typedef, const, volatile, restrict or type tag stands for in the end.
   *
   * @throws BtfException if the chain does not end
   */
  public int resolve(int typeId) {
    int id = typeId;
    for (int step = 0; step < LONGEST_CHAIN; step++) {
      if (!kind(id).isTransparent()) {
        return id;
      }
      id = bytes.sizeOrType(id);
    }
    throw bytes.broken("type %d: refers on and on".formatted(typeId));
  }

  private BtfType.IntType integer(int id) {
    int word = bytes.word(id, 0);
    int encoding = word >>> 24 & 0xf;
    return new BtfType.IntType(
        bytes.name(id),
        bytes.sizeOrType(id),
        (encoding & INT_SIGNED) != 0,
        (encoding & INT_CHAR) != 0,
        (encoding & INT_BOOL) != 0,
        word >>> 16 & 0xff,
        word & 0xff);
  }

  private List<BtfType.Member> members(int id) {
    boolean hasBitfields = bytes.flag(id);
    List<BtfType.Member> members = new ArrayList<>(bytes.members(id));
    for (int i = 0; i < bytes.members(id); i++) {
      int offset = bytes.word(id, i * MEMBER_WORDS + 2);
      members.add(
          new BtfType.Member(
              bytes.string(id, bytes.word(id, i * MEMBER_WORDS)),
              bytes.word(id, i * MEMBER_WORDS + 1),
              notNegative(id, hasBitfields ? offset & BITFIELD_OFFSET_MASK : offset),
              hasBitfields ? offset >>> BITFIELD_SHIFT : 0));
    }
    return members;
  }

  private int notNegative(int id, int offset) {
    if (offset < 0) {
      throw bytes.broken("type %d: a member lies beyond 256 MB".formatted(id));
    }
    return offset;
  }

  private List<BtfType.Constant> constants(int id) {
    BtfKind kind = bytes.kind(id);
    int words = kind == BtfKind.ENUM ? 2 : 3;
    List<BtfType.Constant> constants = new ArrayList<>(bytes.members(id));
    for (int i = 0; i < bytes.members(id); i++) {
      String name = bytes.string(id, bytes.word(id, i * words));
      constants.add(new BtfType.Constant(name, value(id, kind, i)));
    }
    return constants;
  }

  /** The flag of an enum says that its values are signed. */
  private long value(int id, BtfKind kind, int index) {
    if (kind == BtfKind.ENUM) {
      int value = bytes.word(id, index * 2 + 1);
      return bytes.flag(id) ? value : Integer.toUnsignedLong(value);
    }
    long low = Integer.toUnsignedLong(bytes.word(id, index * 3 + 1));
    return (long) bytes.word(id, index * 3 + 2) << 32 | low;
  }
}
