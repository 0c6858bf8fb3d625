package io.taskstorage.bpf.btf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The sections of a BTF object, and where in them each type begins. Every offset that comes from
 * the bytes is checked against its section before it is used.
 */
final class BtfBytes {
  static final int HEADER_BYTES = 24;

  /** Name, info, size or type. */
  private static final int TYPE_BYTES = 12;

  private static final int KIND_SHIFT = 24;
  private static final int KIND_MASK = 0x1f;
  private static final int MEMBERS_MASK = 0xffffff;
  private static final int FEWEST_BYTES_PER_TYPE = TYPE_BYTES;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

  private final String object;
  private final byte[] bytes;
  private final int stringsBegin;
  private final int stringsEnd;
  private final int[] begins;
  private final int count;

  /**
   * Finds the sections and every type's begin.
   *
   * @param object what the bytes are, for messages
   */
  BtfBytes(String object, byte[] bytes) {
    this.object = object;
    this.bytes = bytes;
    if (bytes.length < HEADER_BYTES) {
      throw broken("%d bytes: the header alone has 24".formatted(bytes.length));
    }
    int magic = (short) SHORT.get(bytes, 0) & 0xffff;
    if (magic != BtfKind.MAGIC) {
      throw broken("begins with %04x: BTF of this machine's byte order with eb9f".formatted(magic));
    }
    if (bytes[2] != 1) {
      throw broken("version %d: only 1 is known".formatted(bytes[2]));
    }
    int header = checked(u32(4), HEADER_BYTES, bytes.length, "header");
    int typesBegin = section(header, 8, "types");
    int typesEnd = checked((long) typesBegin + u32(12), typesBegin, bytes.length, "types");
    this.stringsBegin = section(header, 16, "strings");
    this.stringsEnd = checked((long) stringsBegin + u32(20), stringsBegin, bytes.length, "strings");
    if (stringsEnd == stringsBegin || bytes[stringsBegin] != 0 || bytes[stringsEnd - 1] != 0) {
      throw broken("the strings do not begin and end with NUL");
    }
    int[] found = new int[(typesEnd - typesBegin) / FEWEST_BYTES_PER_TYPE + 1];
    int id = 1;
    for (int at = typesBegin; at < typesEnd; id++) {
      checked((long) at + TYPE_BYTES, 0, typesEnd, "types");
      found[id] = at;
      at = checked(end(id, at), 0, typesEnd, "types");
    }
    this.count = id;
    this.begins = Arrays.copyOf(found, id);
  }

  private int section(int header, int field, String name) {
    return checked((long) header + u32(field), header, bytes.length, name);
  }

  private long end(int id, int at) {
    BtfKind kind = kindOf(id, intAt(at + 4));
    return (long) at + TYPE_BYTES + kind.trailingBytes(intAt(at + 4) & MEMBERS_MASK);
  }

  private int checked(long position, int least, int most, String section) {
    if (position < least || position > most) {
      throw broken("%s up to byte %d of %d".formatted(section, position, bytes.length));
    }
    return (int) position;
  }

  private long u32(int at) {
    return Integer.toUnsignedLong(intAt(at));
  }

  private int intAt(int at) {
    return (int) INT.get(bytes, at);
  }

  /** One more than the highest id. */
  int count() {
    return count;
  }

  BtfKind kind(int id) {
    return id == 0 ? BtfKind.VOID : kindOf(id, info(id));
  }

  private BtfKind kindOf(int id, int info) {
    int number = info >>> KIND_SHIFT & KIND_MASK;
    BtfKind kind = BtfKind.ofNumber(number);
    if (kind == BtfKind.VOID) {
      throw broken("type %d: unknown kind %d".formatted(id, number));
    }
    return kind;
  }

  /** The highest bit of the second word; its meaning depends on the kind. */
  boolean flag(int id) {
    return info(id) < 0;
  }

  int members(int id) {
    return info(id) & MEMBERS_MASK;
  }

  private int info(int id) {
    return intAt(begin(id) + 4);
  }

  /** The third word: a size, or the id of another type. */
  int sizeOrType(int id) {
    return intAt(begin(id) + 8);
  }

  /** One of the words behind the first three; the type's kind says how many there are. */
  int word(int id, int index) {
    return intAt(begin(id) + TYPE_BYTES + index * Integer.BYTES);
  }

  String name(int id) {
    return string(id, intAt(begin(id)));
  }

  /** Whether the type has exactly this name; makes no string. */
  boolean isNamed(int id, byte[] name) {
    return equals(intAt(begin(id)), name);
  }

  boolean equals(int stringOffset, byte[] name) {
    long begin = stringsBegin + Integer.toUnsignedLong(stringOffset);
    long end = begin + name.length;
    return end < stringsEnd
        && bytes[(int) end] == 0
        && Arrays.equals(bytes, (int) begin, (int) end, name, 0, name.length);
  }

  /** A string of a type. */
  String string(int id, int offset) {
    long begin = stringsBegin + Integer.toUnsignedLong(offset);
    if (begin >= stringsEnd) {
      throw broken(
          "type %d: name at byte %d of %d"
              .formatted(id, begin - stringsBegin, stringsEnd - stringsBegin));
    }
    int end = (int) begin;
    while (bytes[end] != 0) {
      end++;
    }
    return new String(bytes, (int) begin, end - (int) begin, StandardCharsets.UTF_8);
  }

  private int begin(int id) {
    if (id <= 0 || id >= count) {
      throw broken("type %d: the ids end at %d".formatted(id, count - 1));
    }
    return begins[id];
  }

  BtfException broken(String what) {
    return new BtfException("btf read " + object + ": " + what);
  }
}
