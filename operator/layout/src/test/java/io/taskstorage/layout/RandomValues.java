package io.taskstorage.layout;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Field bytes that a literal can mean, by a seeded generator, edges more often than by chance. */
final class RandomValues {

  /** One to four bytes of UTF-8 each, with what a quoting rule might trip over. */
  private static final String[] CHARACTERS = {
    "a",
    "Z",
    "0",
    " ",
    "\"",
    "\\",
    "'",
    "?",
    "%",
    "\n",
    "\t",
    "\u0001",
    "\u007f",
    "ä",
    "ß",
    "€",
    "漢",
    "\ufeff",
    "\uffff",
    "😀",
    "\udbff\udfff"
  };

  private final SplittableRandom random;

  RandomValues(long seed) {
    this.random = new SplittableRandom(seed);
  }

  byte[] bytes(Field field) {
    byte[] bytes = new byte[field.sizeBytes()];
    switch (field.type()) {
      case BOOL -> bytes[0] = (byte) random.nextInt(2);
      case CHAR -> fillText(bytes);
      case BYTES -> random.nextBytes(bytes);
      case U8, U16, U32, U64, S8, S16, S32, S64 -> fillIntegers(bytes, field.type().sizeBytes());
    }
    return bytes;
  }

  private void fillText(byte[] bytes) {
    int wanted = random.nextBoolean() ? bytes.length - 1 : random.nextInt(bytes.length);
    int at = 0;
    while (at < wanted) {
      byte[] next = CHARACTERS[random.nextInt(CHARACTERS.length)].getBytes(StandardCharsets.UTF_8);
      if (at + next.length > wanted) {
        next = new byte[] {'.'};
      }
      System.arraycopy(next, 0, bytes, at, next.length);
      at += next.length;
    }
  }

  private void fillIntegers(byte[] bytes, int elementSize) {
    for (int at = 0; at < bytes.length; at += elementSize) {
      int edge = random.nextInt(6);
      for (int i = 0; i < elementSize; i++) {
        boolean highest = i == elementSize - 1;
        bytes[at + i] =
            switch (edge) {
              case 0 -> 0;
              case 1 -> (byte) 0xff;
              case 2 -> (byte) (highest ? 0x7f : 0xff);
              case 3 -> (byte) (highest ? 0x80 : 0);
              default -> (byte) random.nextInt(256);
            };
      }
    }
  }
}
