package io.taskstorage.e2e.kernels;

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
import org.junit.jupiter.params.provider.CsvSource;

/** Which QEMU the machines run in, and what is said where none is to be had. */
class EmulatorTest {
  private static final String QEMU = "qemu-system-x86_64";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"8.1.0", "9.0.4 (Debian)", "10.0.2", "11.0.50"})
  void installedOneThatIsNewEnoughIsTaken(String version) throws IOException {
    // Given
    Path qemu = program(QEMU, "echo 'QEMU emulator version " + version + "'");

    // When
    Outcome outcome = emulator().run();

    // Then
    assertThat(outcome.stdoutIfDone()).isEqualTo(qemu + "\n");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"8.0.5", "7.2.22", "5.2.0"})
  void olderOneIsRefusedWhereNoOtherCanBeFetched(String version) throws IOException {
    // Given
    program(QEMU, "echo 'QEMU emulator version " + version + "'");
    program("apt-get", "echo 'E: no mirror here' >&2; exit 100");

    // When
    Outcome outcome = emulator().run();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr()).contains("find emulator: ").contains("install QEMU 8.1 or newer");
  }

  @Test
  void noneIsOneMessage() {
    // When
    Outcome outcome = emulator().environment("PATH", scripts() + ":/nowhere").run();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stderr())
        .isEqualTo("find emulator: " + QEMU + " is not installed: run tools/test-packages\n");
  }

  private Command emulator() {
    return Command.of("/bin/sh", Path.of("emulator").toAbsolutePath().toString())
        .environment("PATH", folder.resolve("bin") + ":/usr/bin:/bin")
        .environment("XDG_CACHE_HOME", folder.resolve("cache").toString());
  }

  /** A folder with what the script needs before it looks for QEMU. */
  private Path scripts() {
    try {
      Path bin = Files.createDirectories(folder.resolve("scripts"));
      for (String name : new String[] {"dirname", "readlink"}) {
        Files.createSymbolicLink(bin.resolve(name), Path.of("/usr/bin", name));
      }
      return bin;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path program(String name, String text) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
