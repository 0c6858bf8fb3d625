package io.taskstorage.bpf.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Bytes of nobody knows whom: a reader ends, and says what is wrong in its own words. */
class BtfFuzzTest {
  private static final long SEED = 20261123;
  private static final int MUTANTS = 20_000;

  @Test
  void mutantsAreReadOrRefused() {
    // Given
    byte[] valid = SampleTypes.of().blob().toBytes();
    SplittableRandom random = new SplittableRandom(SEED);
    int refused = 0;
    int read = 0;

    // When
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutate(valid, random);
      try {
        readAll(BtfReader.of("mutant", new BtfBlob(mutant)));
        read++;
      } catch (BtfException e) {
        refused++;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError(
            "mutant %d of seed %d: %s".formatted(i, SEED, Arrays.toString(mutant)), e);
      }
    }

    // Then: both happen, or the mutations are too wild or too tame to prove anything.
    assertThat(refused).isGreaterThan(MUTANTS / 10);
    assertThat(read).isGreaterThan(MUTANTS / 10);
  }

  @Test
  void noiseIsRefused() {
    // Given
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] noise = new byte[4096];
    random.nextBytes(noise);
    ByteBuffer.wrap(noise).order(ByteOrder.nativeOrder()).putShort(0, (short) 0xeb9f);

    // When, Then
    assertThatCode(() -> BtfReader.of("noise", new BtfBlob(noise)))
        .isInstanceOf(BtfException.class);
  }

  /** Everything that a reader can be asked. */
  private static void readAll(BtfReader reader) {
    for (int id = 0; id < reader.typeCount(); id++) {
      reader.type(id);
      reader.resolve(id);
      reader.memberOffset(id, "a");
      reader.memberOffset(id, "name.b");
    }
    reader.find("sample", BtfKind.STRUCT);
    reader.constant("BLUE");
  }

  private static byte[] mutate(byte[] valid, SplittableRandom random) {
    byte[] mutant =
        random.nextInt(16) == 0
            ? Arrays.copyOf(valid, random.nextInt(valid.length + 1))
            : valid.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && mutant.length >= Integer.BYTES; i++) {
      int at = random.nextInt(mutant.length - Integer.BYTES + 1);
      ByteBuffer buffer = ByteBuffer.wrap(mutant).order(ByteOrder.nativeOrder());
      switch (random.nextInt(4)) {
        case 0 -> mutant[at] = (byte) random.nextInt(256);
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> buffer.putInt(at, random.nextInt(20));
        default -> buffer.putInt(at, random.nextInt());
      }
    }
    return mutant;
  }
}
