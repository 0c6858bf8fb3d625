package io.taskstorage.agent.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtoTest {
  private static final int ROUNDS = 2000;
  private static final int MAX_FIELD = (1 << 29) - 1;

  private static ProtoReader reader(String hex) {
    return ProtoReader.of(HexFormat.of().parseHex(hex));
  }

  /** Everything in a message, nested ones in brackets where the field's number is even. */
  private static List<String> read(ProtoReader message) throws NonsenseException {
    List<String> found = new ArrayList<>();
    while (message.next()) {
      int field = message.field();
      found.add(
          field
              + "="
              + switch (field % 3) {
                case 0 -> Long.toString(message.number());
                case 1 -> message.text();
                default -> read(message.message()).toString();
              });
    }
    return found;
  }

  /** A field's kind is its number's remainder by three: number, text, message. */
  private static ProtoWriter write(Random random, int depth, List<String> written) {
    ProtoWriter message = new ProtoWriter();
    for (int left = random.nextInt(5); left > 0; left--) {
      int field = 3 + random.nextInt(random.nextBoolean() ? 12 : MAX_FIELD - 3);
      switch (field % 3) {
        case 0 -> {
          long number = random.nextLong() >> random.nextInt(64) | 1;
          message.number(field, number);
          written.add(field + "=" + number);
        }
        case 1 -> {
          String text = "ü".repeat(1 + random.nextInt(300));
          message.text(field, text);
          written.add(field + "=" + text);
        }
        default -> {
          List<String> inner = new ArrayList<>();
          message.message(field, depth == 0 ? new ProtoWriter() : write(random, depth - 1, inner));
          written.add(field + "=" + inner);
        }
      }
    }
    return message;
  }

  @Test
  void whatIsWrittenIsRead() throws NonsenseException {
    for (int round = 0; round < ROUNDS; round++) {
      // Given
      List<String> written = new ArrayList<>();
      byte[] message = write(new Random(round), 3, written).toBytes();

      // When, Then
      assertThat(read(ProtoReader.of(message))).as("round %d", round).isEqualTo(written);
    }
  }

  @Test
  void whatNobodyAsksForIsPassedOver() throws NonsenseException {
    // Given: of each type one, between two fields that are asked for
    ProtoReader message =
        reader("08ff01" + "110102030405060708" + "1a03616263" + "2501020304" + "2800");

    // When
    List<Integer> fields = new ArrayList<>();
    long last = -1;
    while (message.next()) {
      fields.add(message.field());
      last = message.field() == 5 ? message.number() : last;
    }

    // Then
    assertThat(fields).containsExactly(1, 2, 3, 4, 5);
    assertThat(last).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "00,                     message field 0: no such",
    "08,                     message: ends inside a number",
    "0880,                   message: ends inside a number",
    "08ffffffffffffffffffff, message: a number of more than 64 bits",
    "0b,                     message field 1: type 3",
    "0f,                     message field 1: type 7",
    "0a05616263,             message field 1: 5 bytes where 3 are left",
    "0affffffffffffffffff01, message field 1: 18446744073709551615 bytes where 0 are left",
    "0901020304,             message field 1: 8 bytes where 4 are left",
    "ffffffffffffffffff01,   message field 2305843009213693951: no such",
  })
  void nonsenseIsToldInOneSentence(String hex, String said) {
    assertThatThrownBy(() -> read(reader(hex)))
        .isInstanceOf(NonsenseException.class)
        .hasMessage(said);
  }

  @Test
  void aFieldOfAnotherTypeIsNotTakenForWhatItIsAskedFor() throws NonsenseException {
    ProtoReader message = reader("0801" + "1200");
    message.next();
    assertThatThrownBy(message::text).hasMessage("message field 1: type 0 in place of 2");
    message.next();
    assertThatThrownBy(message::number).hasMessage("message field 2: type 2 in place of 0");
  }

  @Test
  void aNameHasABound() throws NonsenseException {
    ProtoReader message =
        ProtoReader.of(
            new ProtoWriter().text(1, "x".repeat(ProtoReader.MAX_TEXT_BYTES + 1)).toBytes());
    message.next();
    assertThatThrownBy(message::text)
        .hasMessage("message field 1: text of 1025 bytes: at most 1024 are taken");
  }
}
