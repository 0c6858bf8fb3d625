package io.taskstorage.agent.nri;

import java.nio.charset.StandardCharsets;

/**
 * Reads a protobuf message field by field, in the order in which they stand. What the caller does
 * not ask for is passed over and never copied. Pure; not thread-safe.
 *
 * <pre>{@code
 * while (message.next()) {
 *   switch (message.field()) {
 *     case 1 -> id = message.text();
 *     default -> {}
 *   }
 * }
 * }</pre>
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int WIRE_BITS = 3;
  private static final int MAX_FIELD = (1 << 29) - 1;

  /** Names, ids and versions are shorter by far. */
  static final int MAX_TEXT_BYTES = 1024;

  /** Of a number of 64 bits, seven in each. */
  private static final int MAX_VARINT_BYTES = 10;

  private final byte[] bytes;
  private final int begin;
  private final int end;
  private int position;
  private int field;
  private int wire = -1;
  private long number;
  private int from;
  private int to;

  private ProtoReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.begin = from;
    this.position = from;
    this.end = to;
  }

  /** Over a whole message, which stays as it is while it is read. */
  static ProtoReader of(byte[] message) {
    return new ProtoReader(message, 0, message.length);
  }

  /**
   * Goes to the next field; false at the end.
   *
   * @throws NonsenseException if what stands there is no field
   */
  boolean next() throws NonsenseException {
    if (position == end) {
      return false;
    }
    long tag = varint();
    long name = tag >>> WIRE_BITS;
    if (name < 1 || name > MAX_FIELD) {
      throw new NonsenseException("message field " + Long.toUnsignedString(name) + ": no such");
    }
    field = (int) name;
    wire = (int) tag & ((1 << WIRE_BITS) - 1);
    switch (wire) {
      case VARINT -> number = varint();
      case FIXED64 -> skip(Long.BYTES);
      case FIXED32 -> skip(Integer.BYTES);
      case BYTES -> {
        long length = varint();
        from = position;
        skip(length);
        to = position;
      }
      default -> throw new NonsenseException("message field %d: type %d".formatted(field, wire));
    }
    return true;
  }

  /** The same message from its begin. */
  ProtoReader anew() {
    return new ProtoReader(bytes, begin, end);
  }

  /** The number of the field that this is at. */
  int field() {
    return field;
  }

  /** Its value as a number, whatever its sign. */
  long number() throws NonsenseException {
    require(VARINT);
    return number;
  }

  /** Its value as text. */
  String text() throws NonsenseException {
    require(BYTES);
    if (to - from > MAX_TEXT_BYTES) {
      throw new NonsenseException(
          "message field %d: text of %d bytes: at most %d are taken"
              .formatted(field, to - from, MAX_TEXT_BYTES));
    }
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** Its value as a message; over the same bytes, with a position of its own. */
  ProtoReader message() throws NonsenseException {
    require(BYTES);
    return new ProtoReader(bytes, from, to);
  }

  private void require(int expected) throws NonsenseException {
    if (wire != expected) {
      throw new NonsenseException(
          "message field %d: type %d in place of %d".formatted(field, wire, expected));
    }
  }

  private void skip(long length) throws NonsenseException {
    if (length < 0 || length > end - position) {
      throw new NonsenseException(
          "message field %d: %s bytes where %d are left"
              .formatted(field, Long.toUnsignedString(length), end - position));
    }
    position += (int) length;
  }

  private long varint() throws NonsenseException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (position == end) {
        throw new NonsenseException("message: ends inside a number");
      }
      byte next = bytes[position++];
      value |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new NonsenseException("message: a number of more than 64 bits");
  }
}
