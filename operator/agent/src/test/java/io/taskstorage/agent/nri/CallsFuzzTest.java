package io.taskstorage.agent.nri;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.taskstorage.testkit.FuzzInputs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a peer sends: it is read as calls and answered by yes, or it ends the connection with
 * one sentence; and cut anywhere it means the same.
 *
 * <p>An input is what comes over the socket, in hexadecimal digits; everything else is left out.
 */
class CallsFuzzTest {
  @FuzzTest
  @Timeout(10)
  void calls(byte[] input) {
    String digits = new String(input, StandardCharsets.ISO_8859_1).replaceAll("[^0-9a-f]", "");
    byte[] bytes = HexFormat.of().parseHex(digits, 0, digits.length() & ~1);
    String whole = said(bytes, bytes.length);
    for (int piece : new int[] {1, 3, 64}) {
      assertThat(said(bytes, piece)).isEqualTo(whole);
    }
  }

  /** Which containers are known at the end, after the answers; or why there is no end. */
  private static String said(byte[] bytes, int piece) {
    KnownContainers known = new KnownContainers(() -> {});
    StartGate gate = new StartGate(true, () -> {});
    gate.close();
    Handler handler = new Handler(known, gate, new HeardCounts());
    Demux demux = new Demux();
    StringBuilder said = new StringBuilder();
    Optional<String> end = Optional.empty();
    for (int from = 0; from < bytes.length && end.isEmpty(); from += piece) {
      int length = Math.min(piece, bytes.length - from);
      end = accept(demux, handler, ByteBuffer.wrap(bytes, from, length).slice(), said);
    }
    known
        .names()
        .byPod()
        .values()
        .forEach(names -> assertThat(names).hasSizeLessThan(bytes.length));
    // Which nonsense is met first hangs on how it is cut.
    end.ifPresent(sentence -> assertThat(sentence).matches("[ -~]{1,200}"));
    return end.isPresent() ? "nonsense" : said.toString();
  }

  private static Optional<String> accept(
      Demux demux, Handler handler, ByteBuffer bytes, StringBuilder said) {
    try {
      List<Message> messages = demux.accept(bytes);
      assertThat(bytes.hasRemaining()).isFalse();
      for (Message message : messages) {
        byte[] answer = handler.answer(message.payload());
        assertThat(Call.refusal(answer)).isEmpty();
        said.append(HexFormat.of().formatHex(answer)).append('\n');
      }
      return Optional.empty();
    } catch (NonsenseException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @TestFactory
  Stream<DynamicTest> kept() {
    return FuzzInputs.of(getClass()).tests(10_000, this::calls);
  }
}
