package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.taskstorage.bpf.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileRefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          24 | EMFILE | too many open files in this process | raise the limit of open files (ulimit -n)
          23 | ENFILE | too many open files in the system   | raise fs.file-max
          13 | EACCES | permission denied                   | run as the user who owns the folder, or as root
          1  | EPERM  | operation not permitted             | run as the user who owns the folder, or as root
          30 | EROFS  | read-only file system               | mount it for writing
          """)
  void eachCauseHasItsMend(int number, String name, String why, String mend) {
    // Given
    String text = new Errno(number).systemText();
    // When, Then
    assertThat(FileRefusal.of(new FileSystemException("/f", null, text)))
        .isEqualTo(new FileRefusal(name, why, mend));
  }

  @Test
  void whatLibcSaysIsWhatJavaRepeats() {
    // When
    Throwable refused = catchThrowable(() -> Files.readAllBytes(Path.of("/dev/null/x")));
    // Then
    assertThat(refused)
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> assertThat(e.getReason()).isEqualTo(Errno.ENOTDIR.systemText()));
  }

  @Test
  void whatHasNoReasonOfItsOwn() {
    // When, Then
    assertThat(FileRefusal.of(new AccessDeniedException("/f")))
        .isEqualTo(
            new FileRefusal(
                "EACCES", "permission denied", "run as the user who owns the folder, or as root"));
    assertThat(FileRefusal.of(new FileSystemException("/f", null, "Level 2 halted")))
        .isEqualTo(new FileRefusal("Unreadable", "level 2 halted", "see the cause"));
    assertThat(FileRefusal.of(new IOException("Odd")))
        .isEqualTo(new FileRefusal("Unreadable", "odd", "see the cause"));
  }
}
