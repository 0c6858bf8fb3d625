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
    for (String file : List.of("e2e/cluster/test", "e2e/cluster/begin-build", "tools/find-go")) {
      Path copy = folder.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(ROOT.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
    Command tests = withoutGo(folder.resolve("e2e/cluster/test"));

    // When
    Outcome skipped = tests.withoutEnvironment("CI").run();
    Outcome failed = tests.environment("CI", "true").run();

    // Then
    assertThat(skipped.exitCode()).isZero();
    assertThat(skipped.stderr())
        .startsWith("find go: no Go 1.26 or newer found: ")
        .endsWith("test cluster: skipped, and so are all tests that need an API server\n");
    assertThat(failed.exitCode()).isEqualTo(1);
    Outcome build =
        withoutGo(folder.resolve("e2e/cluster/begin-build")).withoutEnvironment("CI").run();
    assertThat(build.exitCode()).isZero();
    assertThat(build.stderr()).isEmpty();
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
        for (String program : List.of("sed", "cat", "dirname", "readlink", "env", "sh")) {
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
