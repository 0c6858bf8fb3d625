package io.taskstorage.layout;

import java.util.Arrays;

/** What became of a literal. */
public sealed interface Encoded {

  /**
   * The bytes of the field, exactly as many as it has.
   *
   * @param bytes owned by the caller, never shared
   */
  @SuppressWarnings("ArrayRecordComponent") // equals and hashCode below go by content
  record Bytes(byte[] bytes) implements Encoded {
    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    /** The size only: a value may be nobody else's business. */
    @Override
    public String toString() {
      return "Bytes[" + bytes.length + " bytes]";
    }
  }

  /**
   * The literal does not fit.
   *
   * @param message the cause and how to mend it; it may tell how long the literal is and where in
   *     it something is wrong, and never holds text or a number of it: a value may be nobody else's
   *     business
   */
  record Problem(String message) implements Encoded {}
}
