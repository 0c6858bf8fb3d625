package io.taskstorage.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the checks of {@link DocumentsTest} find in pages that are wrong, and what they let pass.
 */
class DocumentCheckTest {
  @TempDir Path root;

  @BeforeEach
  void repository() throws IOException {
    write(
        "docs/page.md",
        """
        # One `two`: three (4)
        ## Twice
        text
        ## Twice
        ## A [link](page.md) in it ##
        <a name="given"></a>
        ```sh
        # no heading
        ```
        """);
    write(
        "src/test/java/OneTest.java",
        """
        class OneTest extends Base implements Some, OneContract {
          @Test
          void first() {
            return notDeclared();
          }
          static Stream<DynamicTest> secondOne() {}
        }
        """);
    write(
        "src/test/java/OneContract.java",
        """
        interface OneContract {
          default void itIsInherited(Tasks tasks) {}
        }
        """);
    write("src/test/resources/OneTest/a-case/in.txt", "");
    write(
        "story/story_test.go",
        """
        func TestNode(t *testing.T) {
          part("Operator")
        """);
  }

  @Test
  void linksThatLeadSomewhereAreRight() throws IOException {
    // Given
    write(
        "README.md",
        """
        # Here
        [file](docs/page.md), [folder](docs), [folder](docs/), [here](#here),
        [a text on
        two lines](docs/page.md#one-two-three-4), [first](docs/page.md#twice),
        [second](docs/page.md#twice-1), [linked](docs/page.md#a-link-in-it), [named](docs/page.md#given)
        and ![picture](docs/page.md "a title"), [elsewhere](https://example.com/none.md#none),
        [`code`](docs/page.md), but `[no](link)` here, nor

        ```
        [there](none.md)
        ```

        [by name]: docs/page.md
        """);
    // When
    LinkCheck.Result result = LinkCheck.of(root, Page.below(root));
    // Then
    assertThat(result.problems()).isEmpty();
    assertThat(result.checked()).isEqualTo(13);
  }

  @Test
  void linksThatLeadNowhereAreTold() throws IOException {
    // Given
    write("target/README.md", "[built](none.md)");
    write(
        "docs/README.md",
        """
        [a](none.md) and `code` [b](page.md#none)

        | [c](#none) | [d](../../outside.md) | [e](/docs/page.md) |
        ```
        fence
        ```
        [f](page.md#no-heading) [g](page.md#Twice) [h](page.md#twice-2) [i](
        page.md) [j](../story/story_test.go#L1) <a href="none.html">k</a>

        [l]: none
        """);
    // When
    LinkCheck.Result result = LinkCheck.of(root, Page.below(root));
    // Then
    assertThat(result.problems())
        .containsExactly(
            "docs/README.md:1: link none.md: no such file",
            "docs/README.md:1: link page.md#none: no such heading",
            "docs/README.md:3: link #none: no such heading",
            "docs/README.md:3: link ../../outside.md: leads out of the repository",
            "docs/README.md:3: link /docs/page.md: leads out of the repository",
            "docs/README.md:7: link page.md#no-heading: no such heading",
            "docs/README.md:7: link page.md#Twice: no such heading",
            "docs/README.md:7: link page.md#twice-2: no such heading",
            "docs/README.md:7: link ?: cannot be read",
            "docs/README.md:8: link ../story/story_test.go#L1: no such heading",
            "docs/README.md:8: link none.html: no such file",
            "docs/README.md:10: link none: no such file");
  }

  @Test
  void testsThatExistAreRight() throws IOException {
    // Given
    write(
        "README.md",
        """
        `OneTest`, `OneTest.first`, `OneTest.java`, `TestNode`, `TestNode/Operator`.

        | shown by | and |
        |---|---|
        | `OneTest.first`, `.secondOne`; `OneTest` (`a-case`) | `someThing` |
        | `OneContract` everywhere: `itIsInherited`, `OneTest.itIsInherited` | `OneTest` |

        An `@KernelTest`, a `*FuzzTest`, `<TestClass>`; `OneTest` says what `someThing` is.

            mvn test -Dtest=OneTest
        """);
    // When
    TestNameCheck.Result result = TestNameCheck.of(TestSources.of(root), Page.below(root));
    // Then
    assertThat(result.problems()).isEmpty();
    assertThat(result.checked()).isEqualTo(15);
  }

  @Test
  void testsThatDoNotExistAreTold() throws IOException {
    // Given
    write(
        "README.md",
        """
        `NoneTest.first`, `OneTest.none`, `OneTest.notDeclared`, `TestNone`, `TestNode/None`

        | shown by | and |
        |---|---|
        | `OneTest.first`, `.noneHere`; `OneTest` (`no-case`) | `someThing` |
        | `OneContract`: `noneThere`, `OneContract.first` | `MissingStory` |

            mvn test -Dtest=AnotherTest
        """);
    // When
    TestNameCheck.Result result = TestNameCheck.of(TestSources.of(root), Page.below(root));
    // Then
    assertThat(result.problems())
        .containsExactlyInAnyOrder(
            "README.md:1: test NoneTest: no such class",
            "README.md:1: test OneTest.none: no such method",
            "README.md:1: test OneTest.notDeclared: no such method",
            "README.md:1: test TestNone: no such test in Go",
            "README.md:1: test TestNode/None: no such test in Go",
            "README.md:5: test OneTest.noneHere: no such method",
            "README.md:5: case no-case of OneTest: no such resource",
            "README.md:6: test OneContract.noneThere: no such method",
            "README.md:6: test OneContract.first: no such method",
            "README.md:6: test MissingStory: no such class",
            "README.md:8: test AnotherTest: no such class");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.resolve("..").normalize());
    Files.writeString(file, text);
  }
}
