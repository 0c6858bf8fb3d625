package io.taskstorage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.FileObserver;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever is told of turns hears of each before it does anything, and after it. */
class TurnReporterTest {
  private static final MapName MAP = new MapName("tenant");

  private final EmulatedMembership tree = new EmulatedMembership();
  private final List<String> told = new ArrayList<>();

  /** Writes down what the store has when it is told. */
  private Turn.Reporter watching(TaskStore store) {
    return new Turn.Reporter() {
      @Override
      public void decided(Observed observed, Desired desired) {
        told.add("decided on " + desired.maps().keySet() + ", " + installed(store));
      }

      @Override
      public void taken(Turn.Taken taken) {
        told.add("taken, " + installed(store));
      }
    };
  }

  private static String installed(TaskStore store) {
    return catchThrowable(() -> store.entries(MAP)) == null ? "installed" : "not there";
  }

  @Test
  void itIsToldBeforeAnythingIsDoneAndAfterIt(@TempDir Path folder) throws IOException {
    // Given
    Files.writeString(
        folder.resolve("map.yaml"),
        """
        apiVersion: taskstorage.io/v1alpha1
        kind: TaskStorageMap
        metadata: {name: tenant}
        spec: {bpfName: tenant, value: {typeName: t, fields: [{name: id, type: U64}]}}
        """);
    ApiState api = new FileObserver(folder, () -> Instant.MAX).observe();
    try (TaskStore store = TaskStores.emulated(tree)) {
      Turn turn =
          new Turn(
              new NodeFacts("n", Map.of()),
              tree,
              store,
              Optional.empty(),
              LastAccepted.NONE,
              watching(store));

      // When
      turn.take(api, turn.look());

      // Then
      assertThat(told).containsExactly("decided on [tenant], not there", "taken, installed");
    }
  }
}
