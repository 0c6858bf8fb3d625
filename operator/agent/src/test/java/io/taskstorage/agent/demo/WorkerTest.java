package io.taskstorage.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerTest {
  @Test
  void runsUnderItsName() throws IOException {
    // When
    try (Worker worker = Worker.start("front", Optional.empty())) {

      // Then
      assertThat(comm(worker.pid())).isEqualTo("front");
      assertThat(worker.name()).isEqualTo("front");
    }
  }

  @Test
  void childRunsUnderItsOwnName() throws IOException {
    // Given
    try (Worker worker = Worker.start("front", Optional.empty())) {

      // When
      int child = worker.fork("front-child");

      // Then
      assertThat(comm(child)).isEqualTo("front-child");
      assertThat(Files.readString(Path.of("/proc/" + child + "/stat")))
          .matches("(?s)" + child + " \\(front-child\\) [RS] " + worker.pid() + " .*");
    }
  }

  @Test
  void neitherItNorItsChildOutlivesClose() throws IOException {
    // Given
    Worker worker = Worker.start("front", Optional.empty());
    int child = worker.fork("front-child");

    // When
    worker.close();

    // Then
    assertThat(Path.of("/proc/" + worker.pid())).doesNotExist();
    assertThat(Path.of("/proc/" + child)).doesNotExist();
  }

  @Test
  void cgroupThatIsNotThereIsTold() {
    // When / Then
    assertThatThrownBy(() -> Worker.start("front", Optional.of(Path.of("/no/such/cgroup"))))
        .isInstanceOf(IOException.class)
        .hasMessage("start process front: it ended at once");
  }

  private static String comm(int pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
  }
}
