package io.taskstorage.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.agent.compute.Resolved;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A line for whoever asked for values, and the same for logs. */
class LineTextTest {
  private static final MapName MAP = new MapName("ctx");

  @Test
  void logsTellNoValueOfAStep() {
    // Given
    Step assign =
        new Step.Assign(
            new DesiredRow(
                new Cgroup(new CgroupId(7), Optional.empty(), "/web"),
                new Resolved(
                    new Row(Map.of(MAP, Value.zero(8))),
                    new TreeMap<>(Map.of(MAP, Map.of("tenant_id", "918273645546372819"))),
                    new TreeMap<>(Map.of(MAP, List.of()))),
                Set.of()));
    Line line = new Line.Stepped(new Outcome.Skipped(assign, "map ctx failed"));
    // When
    String shown = LineText.of(line);
    String logged = LineText.withoutValues(line);
    // Then
    assertThat(shown)
        .isEqualTo(
            "cgroup 7: assign  path /web  ctx {tenant_id=918273645546372819}: skipped:"
                + " map ctx failed");
    assertThat(logged).isEqualTo("cgroup 7: assign  path /web  maps ctx: skipped: map ctx failed");
  }
}
