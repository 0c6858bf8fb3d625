package io.taskstorage.agent.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemuxTest {
  private static final int ROUNDS = 300;

  private static String told(Message message) {
    return "%d/%d/%d %s"
        .formatted(
            message.connection(),
            message.stream(),
            message.type(),
            HexFormat.of().formatHex(message.payload()));
  }

  private static List<String> told(List<Message> messages) {
    return messages.stream().map(DemuxTest::told).toList();
  }

  /** The message as a stream of its connection, without frames. */
  private static byte[] stream(Message message) {
    ByteBuffer frames = message.toFrames();
    ByteBuffer out = ByteBuffer.allocate(frames.remaining());
    while (frames.hasRemaining()) {
      assertThat(frames.getInt()).isEqualTo(message.connection());
      int length = frames.getInt();
      assertThat(length + Message.FRAME_HEADER_BYTES).isLessThanOrEqualTo(Message.MAX_FRAME_BYTES);
      out.put(frames.slice(frames.position(), length));
      frames.position(frames.position() + length);
    }
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }

  private static Message random(Random random, int connection) {
    byte[] payload = new byte[random.nextInt(random.nextInt(4) == 0 ? 20_000 : 40)];
    random.nextBytes(payload);
    return new Message(connection, random.nextInt(), random.nextBoolean() ? 1 : 2, payload);
  }

  @Test
  void messagesComeOutHoweverTheyAreCutAndMixed() throws NonsenseException {
    for (int round = 0; round < ROUNDS; round++) {
      // Given: two connections' messages, in frames of any length, taking turns with a third's
      Random random = new Random(round);
      List<List<Message>> sent = List.of(new ArrayList<>(), new ArrayList<>());
      List<ByteBuffer> streams = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        ByteBuffer stream = ByteBuffer.allocate(200_000);
        for (int left = random.nextInt(6); left > 0; left--) {
          Message message = random(random, i + 1);
          sent.get(i).add(message);
          stream.put(stream(message));
        }
        streams.add(stream.flip());
      }
      ByteBuffer wire = ByteBuffer.allocate(6_000_000);
      while (streams.stream().anyMatch(ByteBuffer::hasRemaining)) {
        int connection = random.nextInt(3);
        ByteBuffer from =
            connection == 2 ? ByteBuffer.allocate(random.nextInt(9)) : streams.get(connection);
        int length = Math.min(from.remaining(), random.nextInt(random.nextBoolean() ? 9 : 9000));
        wire.putInt(connection == 2 ? 77 : connection + 1).putInt(length);
        wire.put(from.slice(from.position(), length));
        from.position(from.position() + length);
      }
      wire.flip();

      // When: it is read in pieces of any length
      Demux demux = new Demux();
      List<Message> received = new ArrayList<>();
      while (wire.hasRemaining()) {
        int length =
            Math.min(wire.remaining(), 1 + random.nextInt(random.nextBoolean() ? 7 : 9000));
        received.addAll(demux.accept(wire.slice(wire.position(), length)));
        wire.position(wire.position() + length);
      }

      // Then
      for (int connection = 1; connection <= 2; connection++) {
        int of = connection;
        assertThat(told(received.stream().filter(each -> each.connection() == of).toList()))
            .as("round %d", round)
            .isEqualTo(told(sent.get(connection - 1)));
      }
    }
  }

  @Test
  void theLargestMessageThereMayBeComesOut() throws NonsenseException {
    Message largest = new Message(1, 1, 1, new byte[Message.MAX_PAYLOAD_BYTES]);
    assertThat(new Demux().accept(largest.toFrames()))
        .singleElement()
        .satisfies(read -> assertThat(read.payload()).hasSize(Message.MAX_PAYLOAD_BYTES));
  }

  @ParameterizedTest
  @CsvSource({
    "0000000100400001 | 00400001, message of 4194305 bytes: at most 4194304 are allowed",
    "000000010000000a | ffffffff, message of 4294967295 bytes: at most 4194304 are allowed",
    "000000010040000b | '',       frame of 4194315 bytes: at most 4194314 are allowed",
    "00000007ffffffff | '',       frame of 4294967295 bytes: at most 4194314 are allowed",
  })
  void lengthsThatAreNotAllowedEndIt(String bytes, String said) {
    String hex = bytes.replaceAll("[^0-9a-f]", "") + "0".repeat(12);
    assertThatThrownBy(() -> new Demux().accept(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
        .isInstanceOf(NonsenseException.class)
        .hasMessage(said);
  }
}
