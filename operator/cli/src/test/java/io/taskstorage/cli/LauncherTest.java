package io.taskstorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that starts the commands where there is no checkout. */
class LauncherTest {

  private static final String MEND = ": install a Java 25, or name its folder by JAVA_HOME\n";

  @TempDir private Path home = Path.of("");

  @Test
  void withoutJavaItSaysWhereItLooked() {
    Outcome outcome = run();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stderr())
        .isEqualTo("run taskstorage: no %s/bin/java".formatted(home) + MEND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.19", "24", "8.0.1"})
  void olderJavaIsRefused(String version) throws IOException {
    writeJava(version);
    Outcome outcome = run();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr())
        .isEqualTo(
            "run taskstorage: %s/bin/java is Java %s".formatted(home, version.split("\\.", 2)[0])
                + MEND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"25.0.1", "26", "100"})
  void newerJavaIsGivenTheWords(String version) throws IOException {
    writeJava(version);
    Outcome outcome = run("lint", "a b");
    assertThat(outcome.stdoutIfDone()).contains("-cp", "/lib/*\n", "TaskStorageCli\nlint\na b\n");
  }

  private void writeJava(String version) throws IOException {
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  private Outcome run(String... words) {
    return Command.of("sh", "src/main/launcher/taskstorage")
        .arguments(words)
        .environment("JAVA_HOME", home.toString())
        .run();
  }
}
