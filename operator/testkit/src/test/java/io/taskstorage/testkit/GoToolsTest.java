package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the build finds Go, and what it says where there is none. */
class GoToolsTest {
  private static final Path ROOT =
      Path.of(System.getProperty("root.dir", "../..")).toAbsolutePath().normalize();

  /** Programs that scripts use where there is no Go. */
  private static final List<String> NEEDED_BY_SCRIPTS =
      List.of(
          "sed",
          "cat",
          "dirname",
          "readlink",
          "env",
          "sh",
          "rm",
          "mkdir",
          "find",
          "sort",
          "setpriv");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "go1.26.8,          local, true",
    "go1.30rc1,         local, true",
    "go1.25.9,          local, false",
    "go1.25.9,          auto,  true",
    "go1.22.1,          go1.26.1+auto, true",
    "go1.20.14,         auto,  false",
    "devel go1.27-1234, local, false"
  })
  void newEnoughOrAbleToFetchWhatIs(String version, String toolchain, boolean wanted)
      throws IOException {
    // Given
    Path go = go("some where", version, toolchain);

    // When
    Outcome outcome = findGo(folder + "/some*").run();

    // Then
    assertThat(outcome.stdout()).isEqualTo(wanted ? go + "\n" : "");
    assertThat(outcome.exitCode()).isEqualTo(wanted ? 0 : 1);
  }

  @Test
  void oneOnThePathComesFirst() throws IOException {
    // Given
    go("usual", "go1.26.1", "local");
    Path first = go("path", "go1.26.2", "local");

    // When
    Outcome outcome =
        findGo(folder + "/usual").environment("PATH", first.getParent() + ":/usr/bin:/bin").run();

    // Then
    assertThat(outcome.stdoutIfDone()).isEqualTo(first + "\n");
    assertThat(findGo(folder + "/usual").arguments("--check").run().stdoutIfDone()).isEmpty();
  }

  @Test
  void noneIsOneMessage() throws IOException {
    // Given
    Path old = go("path", "go1.19", "local");

    // When
    Outcome outcome = findGo("").environment("PATH", old.getParent() + ":/usr/bin:/bin").run();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stderr())
        .startsWith(
            "find go: no Go 1.26 or newer found (" + old + " is older): looked on the PATH,")
        .contains("install one (the Go project's own archive, unpacked to /usr/local/go,");
  }

  @Test
  void withoutGoTheGoTestsAreSkippedAloudAndInCiTheyFail() throws IOException {
    // Given
    copyTools();
    goTest(
        "internal/a/a_test.go", "func TestOne(t *testing.T) {\n}\n\nfunc TestTwo(t *testing.T) {");
    goTest("story/nodes_test.go", "func TestNode(t *testing.T) {");
    Command tests = withoutGo(folder.resolve("e2e/cluster/test"));

    // When
    Outcome skipped = tests.withoutEnvironment("CI").run();
    String report = report("e2e/cluster/target/surefire-reports/TEST-example.org.m.internal.a.xml");
    Outcome failed = tests.environment("CI", "true").run();

    // Then
    assertThat(skipped.exitCode()).isZero();
    assertThat(skipped.stderr())
        .startsWith("find go: no Go 1.26 or newer found: ")
        .contains("\nTests run: 2, Skipped: 2\n")
        .endsWith("test cluster: skipped, and so are all tests that need an API server\n");
    assertThat(report)
        .contains("tests=\"2\" errors=\"0\" skipped=\"2\" failures=\"0\"")
        .contains(
            "<testcase name=\"TestTwo\" classname=\"example.org/m/internal/a\" time=\"0\">"
                + "<skipped message=\"no Go is here that is new enough: ");
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(report("e2e/cluster/target/surefire-reports/TEST-example.org.m.internal.a.xml"))
        .contains("skipped=\"0\" failures=\"2\"")
        .contains("<failure message=\"no Go is here that is new enough: ");
    assertThat(folder.resolve("e2e/cluster/target/surefire-reports/TEST-example.org.m.story.xml"))
        .doesNotExist();
    Outcome build =
        withoutGo(folder.resolve("e2e/cluster/begin-build")).withoutEnvironment("CI").run();
    assertThat(build.exitCode()).isZero();
    assertThat(build.stderr()).isEmpty();
  }

  @Test
  void withoutGoTheTestOfNodesIsSkippedToo() throws IOException {
    // Given
    copyTools();
    goTest(
        "story/nodes_test.go", "func TestMain(m *testing.M) {\n}\n\nfunc TestNode(t *testing.T) {");
    Path reports = folder.resolve("reports");
    Command test =
        withoutGo(folder.resolve("e2e/cluster/test-nodes")).arguments(reports.toString());

    // When
    Outcome skipped = test.withoutEnvironment("CI").run();
    String report = report("reports/TEST-example.org.m.story.xml");
    Outcome failed = test.environment("CI", "true").run();

    // Then
    assertThat(skipped.exitCode()).isZero();
    assertThat(skipped.stderr()).endsWith("\nTests run: 1, Skipped: 1\n");
    assertThat(report)
        .contains("<testcase name=\"TestNode\" classname=\"example.org/m/story\"")
        .doesNotContain("TestMain");
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(report("reports/TEST-example.org.m.story.xml")).contains("<failure message=");
  }

  @Test
  void whatMayNotRunIsReportedWithAReasonOfAnyCharacters() throws IOException {
    // Given
    goTest("a_test.go", "func TestOne(t *testing.T) {");
    Command count =
        Command.of(ROOT.resolve("tools/count-skipped").toString())
            .arguments("a < b && \"c\" > d", folder.resolve("reports").toString())
            .withoutEnvironment("CI");

    // When
    Outcome outcome = count.arguments(folder.resolve("e2e/cluster").toString()).run();
    Outcome refused = count.arguments(Files.createDirectory(folder.resolve("x")).toString()).run();

    // Then
    assertThat(outcome.exitCode()).isZero();
    assertThat(report("reports/TEST-example.org.m.xml"))
        .contains("<skipped message=\"a &lt; b &amp;&amp; &quot;c&quot; &gt; d\"/>");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.stderr())
        .isEqualTo(
            "count tests of %s/x: no go.mod in it or above: give a folder of a Go module\n"
                .formatted(folder));
  }

  /** A copy of the scripts that need Go, in a module of its own. */
  private void copyTools() throws IOException {
    for (String file :
        List.of(
            "e2e/cluster/test",
            "e2e/cluster/test-nodes",
            "e2e/cluster/begin-build",
            "tools/count-skipped",
            "tools/find-go")) {
      Path copy = folder.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(ROOT.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private void goTest(String file, String text) throws IOException {
    Path cluster = folder.resolve("e2e/cluster");
    Path test = cluster.resolve(file);
    Files.createDirectories(test.getParent());
    Files.writeString(cluster.resolve("go.mod"), "module example.org/m\n");
    Files.writeString(test, "package a\n\n" + text + "\n}\n");
  }

  private String report(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private Command findGo(String places) {
    return withoutGo(ROOT.resolve("tools/find-go")).environment("FIND_GO_PLACES", places);
  }

  /** With a PATH that has what scripts need; Go may be in /usr/bin on some machine. */
  private Command withoutGo(Path script) {
    Path bin = folder.resolve("bin");
    try {
      if (Files.notExists(bin)) {
        Files.createDirectory(bin);
        for (String program : NEEDED_BY_SCRIPTS) {
          Files.createSymbolicLink(bin.resolve(program), Path.of("/usr/bin", program));
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Command.of("/bin/sh", script.toString())
        .environment("PATH", bin.toString())
        .environment("FIND_GO_PLACES", "");
  }

  /** A go command that knows its version and nothing else. */
  private Path go(String name, String version, String toolchain) throws IOException {
    Path go = Files.createDirectory(folder.resolve(name)).resolve("go");
    Files.writeString(
        go,
        "#!/bin/sh\ncase $2 in GOVERSION) echo '%s' ;; GOTOOLCHAIN) echo '%s' ;; esac\n"
            .formatted(version, toolchain));
    Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwxr-xr-x"));
    return go;
  }
}
