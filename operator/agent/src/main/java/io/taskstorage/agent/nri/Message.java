package io.taskstorage.agent.nri;

import java.nio.ByteBuffer;

/**
 * One message of ttrpc on one of the connections that share the socket.
 *
 * @param connection who serves: {@link #PLUGIN} or {@link #RUNTIME}
 * @param stream chosen by the caller; an answer repeats it
 * @param type {@link #REQUEST} or {@link #RESPONSE}; others are of calls that NRI does not make
 * @param payload a protobuf message; the receiver's own
 */
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere; whoever receives it only reads.
record Message(int connection, int stream, int type, byte[] payload) {
  /** The connection on which the runtime calls the plugin. */
  static final int PLUGIN = 1;

  /** The connection on which the plugin calls the runtime. */
  static final int RUNTIME = 2;

  static final int REQUEST = 1;
  static final int RESPONSE = 2;

  /** Of ttrpc: the length of what follows, the stream, the type, flags. */
  static final int HEADER_BYTES = 10;

  /** As much as ttrpc allows a message to have. */
  static final int MAX_PAYLOAD_BYTES = 4 << 20;

  /** Of a frame: the connection and the length of what follows. */
  static final int FRAME_HEADER_BYTES = 8;

  /** Longer frames than that are refused by runtimes that can read longer messages. */
  static final int MAX_FRAME_BYTES = 4096;

  /** The message as it is sent, in frames. */
  ByteBuffer toFrames() {
    ByteBuffer whole = ByteBuffer.allocate(HEADER_BYTES + payload.length);
    whole.putInt(payload.length).putInt(stream).put((byte) type).put((byte) 0).put(payload).flip();
    int most = MAX_FRAME_BYTES - FRAME_HEADER_BYTES;
    int frames = Math.ceilDiv(whole.remaining(), most);
    ByteBuffer out = ByteBuffer.allocate(frames * FRAME_HEADER_BYTES + whole.remaining());
    while (whole.hasRemaining()) {
      int length = Math.min(most, whole.remaining());
      out.putInt(connection).putInt(length).put(whole.slice(whole.position(), length));
      whole.position(whole.position() + length);
    }
    return out.flip();
  }
}
