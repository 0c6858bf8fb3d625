package io.taskstorage.agent.nri;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of what comes over a socket: frames of several connections, each of which is a
 * stream of its own, cut anywhere. Frames of connections that nobody here knows are dropped. Pure;
 * holds at most one begun message of each connection.
 */
final class Demux {
  private final Stream[] streams = {new Stream(Message.PLUGIN), new Stream(Message.RUNTIME)};
  private final ByteBuffer header = ByteBuffer.allocate(Message.FRAME_HEADER_BYTES);
  private int left;
  private @Nullable Stream current;

  /** A connection, and its message that has not wholly come yet. */
  private static final class Stream {
    private final int connection;
    private final ByteBuffer header = ByteBuffer.allocate(Message.HEADER_BYTES);
    private byte @Nullable [] payload;
    private int filled;

    Stream(int connection) {
      this.connection = connection;
    }

    void accept(ByteBuffer bytes, List<Message> to) throws NonsenseException {
      while (bytes.hasRemaining()) {
        byte[] begun = payload;
        if (begun == null) {
          move(bytes, header);
          if (header.hasRemaining()) {
            return;
          }
          begun = new byte[length(header.getInt(0))];
          payload = begun;
          filled = 0;
        }
        int length = Math.min(bytes.remaining(), begun.length - filled);
        bytes.get(begun, filled, length);
        filled += length;
        if (filled == begun.length) {
          int stream = header.getInt(Integer.BYTES);
          int type = Byte.toUnsignedInt(header.get(2 * Integer.BYTES));
          to.add(new Message(connection, stream, type, begun));
          header.clear();
          payload = null;
        }
      }
    }

    private static int length(int length) throws NonsenseException {
      if (length < 0 || length > Message.MAX_PAYLOAD_BYTES) {
        throw new NonsenseException(
            "message of %s bytes: at most %d are allowed"
                .formatted(Integer.toUnsignedString(length), Message.MAX_PAYLOAD_BYTES));
      }
      return length;
    }
  }

  /**
   * Takes what has come.
   *
   * @param bytes all of it is taken
   * @return the messages that are whole now, in order
   * @throws NonsenseException if a length is not allowed; what follows cannot be read then
   */
  List<Message> accept(ByteBuffer bytes) throws NonsenseException {
    List<Message> whole = new ArrayList<>();
    while (bytes.hasRemaining()) {
      if (left == 0) {
        move(bytes, header);
        if (!header.hasRemaining()) {
          begin(header.getInt(0), header.getInt(Integer.BYTES));
          header.clear();
        }
        continue;
      }
      int length = Math.min(left, bytes.remaining());
      if (current != null) {
        current.accept(bytes.slice(bytes.position(), length), whole);
      }
      bytes.position(bytes.position() + length);
      left -= length;
    }
    return whole;
  }

  private void begin(int connection, int length) throws NonsenseException {
    if (length < 0 || length > Message.HEADER_BYTES + Message.MAX_PAYLOAD_BYTES) {
      throw new NonsenseException(
          "frame of %s bytes: at most %d are allowed"
              .formatted(
                  Integer.toUnsignedString(length),
                  Message.HEADER_BYTES + Message.MAX_PAYLOAD_BYTES));
    }
    left = length;
    current =
        Arrays.stream(streams)
            .filter(stream -> stream.connection == connection)
            .findFirst()
            .orElse(null);
  }

  /** As much as there is and there is room for. */
  private static void move(ByteBuffer from, ByteBuffer to) {
    int length = Math.min(from.remaining(), to.remaining());
    to.put(from.slice(from.position(), length));
    from.position(from.position() + length);
  }
}
