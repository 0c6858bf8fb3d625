package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Child.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How the test of real nodes ends: {@code e2e/cluster/test-nodes}, with a test that waits for ever.
 */
class NodesTestScriptTest {
  private static final Path ROOT =
      Path.of(System.getProperty("root.dir", "../..")).toAbsolutePath().normalize();

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    Path script = program("e2e/cluster/test-nodes", "");
    Files.copy(
        ROOT.resolve("e2e/cluster/test-nodes"),
        script,
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.createDirectories(folder.resolve("e2e/cluster/story"));
    program("e2e/cluster/cluster", "");
    program("tools/test-packages", "");
    program("tools/find-go", "echo " + folder.resolve("bin/go"));
    // What it builds is the test, which says its number, or what takes the events.
    program(
        "bin/go",
        """
        case $1 in
          list) echo example.org/story ;;
          tool) cat ;;
          build) printf '#!/bin/sh\\ncat >/dev/null; exit 3\\n' >$3 && chmod +x $3 ;;
          test)
            cat >$4 <<'TEST'
        #!/bin/sh
        echo $$ >%1$s/new
        mv %1$s/new %1$s/test
        exec sleep $SECONDS_OF_TEST
        TEST
            chmod +x $4
            ;;
        esac
        """
            .formatted(folder));
  }

  @ParameterizedTest
  @EnumSource(
      value = Signal.class,
      names = {"INT", "TERM", "KILL"})
  void testEndsWithTheScript(Signal signal) throws IOException {
    try (Child script = script("1000").start()) {
      // Given
      ProcessHandle test = awaitTest();

      // When
      script.signal(signal);

      // Then
      awaitEnd(test);
    }
  }

  @Test
  void testEndsWithWhoeverStartedTheScript() throws IOException {
    // Not exec: a shell that waits for it.
    try (Child starter = script("1000").prefixed("sh", "-c", "\"$@\"; exit", "sh").start()) {
      // Given
      ProcessHandle test = awaitTest();

      // When
      starter.signal(Signal.KILL);

      // Then
      awaitEnd(test);
    }
  }

  @Test
  void resultOfTheEventsIsTheScriptsOwn() {
    // When
    Outcome outcome = script("0").run();

    // Then
    assertThat(outcome.exitCode()).as(outcome.stderr()).isEqualTo(3);
  }

  private Command script(String seconds) {
    return Command.of(folder.resolve("e2e/cluster/test-nodes").toString())
        .environment("SECONDS_OF_TEST", seconds);
  }

  private ProcessHandle awaitTest() throws IOException {
    Path file = folder.resolve("test");
    await("the test's begin")
        .pollInSameThread()
        .atMost(Duration.ofMinutes(1))
        .until(() -> Files.exists(file));
    return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
  }

  private static void awaitEnd(ProcessHandle process) {
    await("the test's end")
        .pollInSameThread()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !process.isAlive());
  }

  private Path program(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
