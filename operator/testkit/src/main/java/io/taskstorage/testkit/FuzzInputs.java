package io.taskstorage.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The kept inputs of a fuzz target, and what small changes make of them: the same in every run.
 *
 * <p>They lie where Jazzer looks for them and puts what it finds: {@code
 * src/test/resources/<package>/<TestClass>Inputs/<method>}. Here they run without Jazzer, whose
 * agent would change the classes that the other tests of the module use.
 *
 * <pre>{@code
 * @FuzzTest
 * void literals(byte[] input) {…}
 *
 * @TestFactory
 * Stream<DynamicTest> kept() {
 *   return FuzzInputs.of(getClass()).tests(10_000, this::literals);
 * }
 * }</pre>
 */
public final class FuzzInputs {

  /** What is done with an input; it fails if the input shows a defect. */
  @FunctionalInterface
  public interface Target {
    /** Tries one input. */
    void run(byte[] input) throws Exception;
  }

  private static final int MOST_CHANGES = 4;
  private static final int MOST_BYTES = 24;

  private final Path folder;

  private FuzzInputs(Path folder) {
    this.folder = folder;
  }

  /** The inputs of {@code testClass}, read from the module's sources. */
  public static FuzzInputs of(Class<?> testClass) {
    Path resources = Path.of(System.getProperty("basedir", ""), "src", "test", "resources");
    return in(
        resources
            .resolve(testClass.getPackageName().replace('.', '/'))
            .resolve(testClass.getSimpleName() + "Inputs")
            .toAbsolutePath());
  }

  static FuzzInputs in(Path folder) {
    return new FuzzInputs(folder);
  }

  /** One test per input, in the order of names, and one for so many changed inputs. */
  public Stream<DynamicTest> tests(int changed, Target target) {
    List<Path> files = files();
    Stream<DynamicTest> kept =
        files.stream()
            .map(
                file ->
                    DynamicTest.dynamicTest(
                        folder.relativize(file).toString(),
                        file.toUri(),
                        () -> target.run(Files.readAllBytes(file))));
    return Stream.concat(
        kept,
        Stream.of(
            DynamicTest.dynamicTest("changed " + changed + " times", () -> run(changed, target))));
  }

  private List<Path> files() {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> files = tree.filter(Files::isRegularFile).sorted().toList();
      if (files.isEmpty()) {
        throw new AssertionError("fuzz inputs " + folder + ": none there: keep at least one");
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException("fuzz inputs " + folder + ": cannot be read", e);
    }
  }

  private void run(int rounds, Target target) throws IOException {
    List<byte[]> kept = new ArrayList<>();
    for (Path file : files()) {
      kept.add(Files.readAllBytes(file));
    }
    for (int round = 0; round < rounds; round++) {
      byte[] input = changed(kept, new Random(round));
      try {
        target.run(input);
      } catch (Exception | AssertionError | StackOverflowError e) {
        Path found = Files.write(Files.createTempFile(Path.of("target"), "fuzz-", ""), input);
        throw new AssertionError(
            "changed input %d: %s: keep it as %s: %s"
                .formatted(round, e, folder, found.toAbsolutePath()),
            e);
      }
    }
  }

  /** One of the inputs after a few changes that the random numbers decide. */
  static byte[] changed(List<byte[]> kept, Random random) {
    byte[] input = kept.get(random.nextInt(kept.size()));
    for (int change = 1 + random.nextInt(MOST_CHANGES); change > 0; change--) {
      int at = random.nextInt(input.length + 1);
      int length = random.nextInt(Math.min(MOST_BYTES, input.length - at) + 1);
      byte[] other = kept.get(random.nextInt(kept.size()));
      int from = random.nextInt(other.length + 1);
      int taken = random.nextInt(Math.min(MOST_BYTES, other.length - from) + 1);
      input =
          switch (random.nextInt(5)) {
            case 0 -> spliced(input, at, length, new byte[0], 0, 0);
            case 1 -> spliced(input, at, 0, input, at, length);
            case 2 -> spliced(input, at, length, other, from, taken);
            case 3 -> spliced(input, at, 0, other, from, taken);
            default -> spliced(input, at, length, new byte[] {(byte) random.nextInt(256)}, 0, 1);
          };
    }
    return input;
  }

  /** The input with other bytes instead of {@code length} of its own. */
  private static byte[] spliced(
      byte[] input, int at, int length, byte[] other, int from, int taken) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + taken);
    out.write(input, 0, at);
    out.write(other, from, taken);
    out.write(input, at + length, input.length - at - length);
    return out.toByteArray();
  }
}
