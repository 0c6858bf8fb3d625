package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileRefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Too many open files           | EMFILE     | raise the limit of open files (ulimit -n)
          Too many open files in system | ENFILE     | raise fs.file-max
          Operation not permitted       | EPERM      | run as the user who owns the folder, or as root
          Read-only file system         | EROFS      | mount it for writing
          Level 2 halted                | Unreadable | see the cause
          """)
  void eachCauseHasItsMend(String reason, String name, String mend) {
    // When
    FileRefusal refusal = FileRefusal.of(new FileSystemException("/f", null, reason));
    // Then
    assertThat(refusal.reason()).isEqualTo(name);
    assertThat(refusal.mend()).isEqualTo(mend);
    assertThat(refusal.why()).isEqualToIgnoringCase(reason);
  }

  @Test
  void whatHasNoReasonOfItsOwn() {
    // When, Then
    assertThat(FileRefusal.of(new AccessDeniedException("/f")))
        .isEqualTo(
            new FileRefusal(
                "EACCES", "permission denied", "run as the user who owns the folder, or as root"));
    assertThat(FileRefusal.of(new IOException("Odd")))
        .isEqualTo(new FileRefusal("Unreadable", "odd", "see the cause"));
  }
}
