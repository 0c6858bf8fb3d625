package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
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
@KernelTest
class StepRecordingKernelTest {
  @Test
  void eachStepIsAnEvent(@TempDir Path temporary, @BpffsMount Path bpffs, CgroupSandbox cgroups)
      throws IOException {
    // Given
    Path manifests = Files.createDirectory(temporary.resolve("manifests"));
    Path recording = temporary.resolve("agent.jfr");
    Runs runs = new Runs(manifests, bpffs, cgroups.root());
    runs.write("map.yaml", Runs.MAP);

    // When
    runs.command("--once")
        .environment("JDK_JAVA_OPTIONS", "-XX:StartFlightRecording:filename=" + recording)
        .run()
        .stdoutIfDone();

    // Then
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
