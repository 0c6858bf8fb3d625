package io.taskstorage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * The golden cases of a test class: one folder per case in {@code src/test/resources/<TestClass>}.
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> cases() {
 *   return GoldenCases.of(getClass()).tests(c -> c.expect("out.txt", render(c.text("in.yaml"))));
 * }
 * }</pre>
 *
 * <p>A file that a case does not use fails the case: nothing rots unseen. {@code
 * -Dgolden.update=true} writes what the code says now into the expected files; read the difference
 * before you commit it.
 */
public final class GoldenCases {
  /** What is done with a case. */
  @FunctionalInterface
  public interface Body {
    /** Reads the case's input and expects its output. */
    void run(GoldenCase goldenCase) throws Exception;
  }

  private final Path folder;
  private final boolean update;

  private GoldenCases(Path folder, boolean update) {
    this.folder = folder;
    this.update = update;
  }

  /** The cases of {@code testClass}, read from the module's sources. */
  public static GoldenCases of(Class<?> testClass) {
    boolean update = mayUpdate(Boolean.getBoolean("golden.update"), System.getenv("CI"));
    Path resources = Path.of(System.getProperty("basedir", ""), "src", "test", "resources");
    return in(resources.resolve(testClass.getSimpleName()).toAbsolutePath(), update);
  }

  static boolean mayUpdate(boolean wanted, @Nullable String ci) {
    if (wanted && "true".equals(ci)) {
      throw new IllegalStateException(
          "golden cases: -Dgolden.update=true where CI=true would prove nothing: leave it out");
    }
    return wanted;
  }

  static GoldenCases in(Path folder, boolean update) {
    return new GoldenCases(folder, update);
  }

  /** One test per case, named after its folder, in the order of names. */
  public Stream<DynamicTest> tests(Body body) {
    return cases().stream()
        .map(
            goldenCase ->
                DynamicTest.dynamicTest(
                    goldenCase.name(),
                    goldenCase.folder().toUri(),
                    () -> {
                      body.run(goldenCase);
                      goldenCase.expectAllUsed();
                    }));
  }

  /**
   * Runs one case by its name, for tests that are written out each by itself: what differs between
   * them is not only in files.
   */
  public void run(String name, Body body) throws Exception {
    GoldenCase goldenCase = new GoldenCase(folder.resolve(name), update);
    body.run(goldenCase);
    goldenCase.expectAllUsed();
  }

  private List<GoldenCase> cases() {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> sorted = entries.sorted().toList();
      for (Path entry : sorted) {
        if (!Files.isDirectory(entry)) {
          throw new AssertionError("golden cases " + folder + ": " + entry + " belongs to no case");
        }
      }
      if (sorted.isEmpty()) {
        throw new AssertionError("golden cases " + folder + ": no case there");
      }
      return sorted.stream().map(entry -> new GoldenCase(entry, update)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("golden cases " + folder + ": cannot be read", e);
    }
  }
}
