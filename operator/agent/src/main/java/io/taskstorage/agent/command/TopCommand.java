package io.taskstorage.agent.command;

import io.taskstorage.agent.usage.CpuTime;
import io.taskstorage.agent.usage.FieldUsage;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.Json;
import io.taskstorage.console.Table;
import io.taskstorage.console.Table.Column;
import io.taskstorage.console.Terminal;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tasks and CPU time for each value of a field. */
@Command(
    name = "top",
    description = {
      "Sums up tasks and CPU time by the value of a field.",
      "CPU time is in seconds, since each task began; tasks that have ended do not count. Works"
          + " while an agent runs and after it ended with --keep; changes nothing.",
      "With --node NAME: on that node of the current cluster."
    })
public final class TopCommand implements Runnable {
  private static final int NANO_DIGITS = 9;
  private static final int SHOWN_DIGITS = 3;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private MapArgument map = new MapArgument();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private NodeOptions node = new NodeOptions();

  @Option(names = "--by", required = true, paramLabel = "FIELD", description = "Field of the map.")
  private String by = "";

  @Override
  public void run() {
    RecordedMap found = map.find("top", node.pinTree());
    PlacedField field =
        found.layout().fields().stream()
            .filter(each -> each.name().equals(by))
            .findFirst()
            .orElseThrow(() -> unknown(found));
    CpuTime cpu = new CpuTime(Path.of("/proc"));
    List<FieldUsage> used =
        FieldUsage.of(
            field,
            Records.entries(found, node.membership()),
            entry -> cpu.ofTask(entry.tgid(), entry.tid()));
    PrintWriter out = spec.commandLine().getOut();
    switch (output.format()) {
      case JSON -> Json.print(out, JsonTop.of(found, by, used));
      case TABLE -> {
        if (used.isEmpty()) {
          spec.commandLine().getErr().println("top " + map.name() + ": no task has an entry");
        } else {
          table(used).print(out, Terminal.ofStandardOutput());
        }
      }
    }
    out.flush();
  }

  private CommandFailure unknown(RecordedMap found) {
    return new CommandFailure(
        "top %s: no field %s: use one of %s"
            .formatted(
                map.name(),
                by,
                found.layout().fields().stream()
                    .map(PlacedField::name)
                    .collect(Collectors.joining(", "))));
  }

  private Table table(List<FieldUsage> used) {
    Table table = Table.of(Column.left(by), Column.right("TASKS"), Column.right("CPU SECONDS"));
    used.forEach(
        each ->
            table.row(
                each.display(),
                Integer.toString(each.tasks()),
                seconds(each.cpuNanos()).toPlainString()));
    return table;
  }

  private static BigDecimal seconds(long nanos) {
    return BigDecimal.valueOf(nanos, NANO_DIGITS).setScale(SHOWN_DIGITS, RoundingMode.HALF_UP);
  }

  private record JsonTop(String map, String bpfName, String field, List<JsonUsage> values) {
    static JsonTop of(RecordedMap map, String field, List<FieldUsage> used) {
      return new JsonTop(
          map.name().value(),
          map.bpfName().value(),
          field,
          used.stream()
              .map(each -> new JsonUsage(each.value(), each.tasks(), seconds(each.cpuNanos())))
              .toList());
    }
  }

  private record JsonUsage(String value, int tasks, BigDecimal cpuSeconds) {}
}
