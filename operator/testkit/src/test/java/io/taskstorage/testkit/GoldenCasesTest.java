package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class GoldenCasesTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenCases.of(getClass())
        .tests(c -> c.expect("out.txt", c.text("in.txt").toUpperCase(Locale.ROOT)));
  }

  @Test
  void differenceFailsAndSaysHowToUpdate() throws IOException {
    // Given
    write("one/out.txt", "old\n");

    // Then
    assertThatThrownBy(() -> run(false, c -> c.expect("out.txt", "new")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("golden case one: out.txt (-Dgolden.update=true rewrites it)")
        .hasMessageContaining("old");
    assertThat(folder.resolve("one/out.txt")).hasContent("old");
  }

  @Test
  void missingExpectationFails() throws IOException {
    // Given
    write("one/in.txt", "");

    // Then
    assertThatThrownBy(() -> run(false, c -> c.expect("out.txt", "new")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("out.txt");
    assertThatThrownBy(() -> run(false, c -> c.text("no.txt")))
        .hasMessage("golden case one: no file no.txt");
  }

  @Test
  void updateWritesWhatIsSaidNow() throws Throwable {
    // Given
    write("one/out.txt", "old\n");

    // When
    run(true, c -> c.expect("out.txt", "new"));

    // Then
    assertThat(folder.resolve("one/out.txt")).hasContent("new\n");
    run(false, c -> c.expect("out.txt", "new\n"));
  }

  @Test
  void ciNeverUpdates() {
    assertThat(GoldenCases.mayUpdate(true, null)).isTrue();
    assertThat(GoldenCases.mayUpdate(false, "true")).isFalse();
    assertThatThrownBy(() -> GoldenCases.mayUpdate(true, "true"))
        .hasMessage(
            "golden cases: -Dgolden.update=true where CI=true would prove nothing: leave it out");
  }

  @Test
  void fileThatNoCaseUsesFails() throws IOException {
    // Given
    write("one/out.txt", "same\n");
    write("one/deep/forgotten.txt", "");

    // Then
    assertThatThrownBy(() -> run(false, c -> c.expect("out.txt", "same")))
        .hasMessageContaining("golden case one: files that it does not use")
        .hasMessageContaining("deep/forgotten.txt");
  }

  @Test
  void folderThatIsHandedOutIsUsed() throws Throwable {
    // Given
    write("one/in/a.yaml", "a\n");
    write("one/in/b.yaml", "b\n");

    // Then
    run(
        false,
        c -> {
          assertThat(c.path("in")).isDirectory();
          assertThat(c.has("in/a.yaml")).isTrue();
          assertThat(c.has("in")).isFalse();
          assertThat(c.files()).containsExactly("in/a.yaml", "in/b.yaml");
        });
  }

  @Test
  void fileOutsideOfAnyCaseFails() throws IOException {
    // Given
    Files.writeString(folder.resolve("stray.txt"), "");

    // Then
    assertThatThrownBy(() -> run(false, c -> {}))
        .isInstanceOf(AssertionError.class)
        .hasMessageEndingWith("stray.txt belongs to no case");
  }

  @Test
  void noCaseAtAllFails() {
    assertThatThrownBy(() -> run(false, c -> {})).hasMessageEndingWith("no case there");
    assertThatThrownBy(() -> GoldenCases.in(folder.resolve("none"), false).tests(c -> {}))
        .hasMessageEndingWith("none: cannot be read");
  }

  @Test
  void oneCaseIsRunByItsName() throws Exception {
    // Given
    write("one/out.txt", "same\n");
    write("two/out.txt", "forgotten\n");
    GoldenCases cases = GoldenCases.in(folder, false);

    // Then
    cases.run("one", c -> c.expect("out.txt", "same"));
    assertThatThrownBy(() -> cases.run("two", c -> {}))
        .hasMessageContaining("golden case two: files that it does not use");
    assertThatThrownBy(() -> cases.run("three", c -> c.expect("out.txt", "new")))
        .hasMessageContaining("golden case three: out.txt");
  }

  @Test
  void whatIsExpectedCanBeWaitedForUnlessItIsBeingRewritten() throws Exception {
    // Given
    write("one/out.txt", "same\n");

    // Then
    GoldenCases.in(folder, false)
        .run(
            "one",
            c -> {
              assertThat(c.isBeingRewritten()).isFalse();
              assertThat(c.isExpected("out.txt", "same")).isTrue();
              assertThat(c.isExpected("out.txt", "other")).isFalse();
              assertThat(c.isExpected("none.txt", "same")).isFalse();
            });
    GoldenCases.in(folder, true)
        .run(
            "one",
            c -> {
              assertThat(c.isBeingRewritten()).isTrue();
              assertThat(c.isExpected("out.txt", "same")).isFalse();
              c.expect("out.txt", "same");
            });
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void run(boolean update, GoldenCases.Body body) throws Throwable {
    List<DynamicTest> tests = GoldenCases.in(folder, update).tests(body).toList();
    for (DynamicTest test : tests) {
      test.getExecutable().execute();
    }
  }
}
