package io.taskstorage.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every page of the repository: what it links to and what it names as a test is there. */
class DocumentsTest {
  private static final Path ROOT =
      Path.of(System.getProperty("root.dir", "../..")).toAbsolutePath().normalize();

  private final List<Page> pages = Page.below(ROOT);

  @Test
  void allPagesAreRead() {
    // When, Then
    assertThat(pages)
        .hasSizeGreaterThan(80)
        .extracting(page -> page.path().toString())
        .contains(
            "README.md",
            "SECURITY.md",
            "CONTRIBUTING.md",
            "docs/explanation/threat-model.md",
            "samples/README.md");
  }

  @Test
  void everyLinkLeadsToAFileAndAHeading() {
    // When
    LinkCheck.Result result = LinkCheck.of(ROOT, pages);
    // Then
    assertThat(result.problems()).isEmpty();
    assertThat(result.checked()).isGreaterThan(250);
  }

  @Test
  void everyTestThatIsNamedExists() {
    // When
    TestNameCheck.Result result = TestNameCheck.of(TestSources.of(ROOT), pages);
    // Then
    assertThat(result.problems()).isEmpty();
    assertThat(result.checked()).isGreaterThan(180);
  }
}
