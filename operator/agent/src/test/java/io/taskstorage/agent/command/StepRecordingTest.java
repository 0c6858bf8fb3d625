package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What JDK Flight Recorder keeps of an agent's work. */
class StepRecordingTest {
  @Test
  void eachStepIsAnEvent(@TempDir Path folder) throws IOException {
    // Given
    Path manifests = Files.createDirectory(folder.resolve("manifests"));
    Files.writeString(manifests.resolve("map.yaml"), Runs.MAP);
    Path recording = folder.resolve("agent.jfr");

    // When
    Outcome outcome =
        ChildJvm.of("io.taskstorage.agent.command.TaskStorageCommand")
            .options("-XX:StartFlightRecording:filename=" + recording, "-Xlog:jfr*=off")
            .arguments("run", manifests.toString(), "--once", "--plane=emulated")
            .run();

    // Then
    assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
    List<RecordedEvent> steps =
        RecordingFile.readAllEvents(recording).stream()
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .filter(event -> event.getEventType().getName().equals("io.taskstorage.Step"))
            .toList();
    assertThat(steps)
        .extracting(event -> event.getString("step") + " " + event.getString("object"))
        .containsExactly(
            "InstallMap tenant-ctx", "Sweep ", "PublishMap tenant-ctx", "RemoveMap tenant-ctx");
    assertThat(steps).allMatch(event -> !event.getDuration().isNegative());
  }
}
