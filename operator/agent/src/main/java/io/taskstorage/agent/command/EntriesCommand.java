package io.taskstorage.agent.command;

import io.taskstorage.agent.print.EntryTable;
import io.taskstorage.console.Json;
import io.taskstorage.console.Terminal;
import io.taskstorage.layout.Decoder;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.taskstore.Entry;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Every task with an entry in a map, as the kernel has it now. */
@Command(
    name = "entries",
    description = {
      "Lists the tasks that have an entry in a map, with their fields.",
      "Every field is decoded from what the kernel has now.",
      "Works while an agent runs and after it ended with --keep; changes nothing.",
      "With --node NAME: on that node of the current cluster."
    })
public final class EntriesCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private MapArgument map = new MapArgument();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private NodeOptions node = new NodeOptions();

  @Override
  public void run() {
    RecordedMap found = map.find("entries", node.pinTree());
    List<Entry> entries = Records.entries(found, node.membership());
    PrintWriter out = spec.commandLine().getOut();
    switch (output.format()) {
      case JSON -> Json.print(out, JsonEntries.of(found, entries));
      case TABLE -> {
        if (entries.isEmpty()) {
          spec.commandLine().getErr().println("entries " + map.name() + ": no task has an entry");
        } else {
          EntryTable.of(found.layout(), entries).print(out, Terminal.ofStandardOutput());
        }
      }
    }
    out.flush();
  }

  private record JsonEntries(String map, String bpfName, List<JsonEntry> entries) {
    static JsonEntries of(RecordedMap map, List<Entry> entries) {
      return new JsonEntries(
          map.name().value(),
          map.bpfName().value(),
          entries.stream().map(entry -> JsonEntry.of(map.layout(), entry)).toList());
    }
  }

  /**
   * Fields as text that {@code set} and a policy's {@code value} take: a U64 fits no JSON number.
   */
  private record JsonEntry(
      int tid, int tgid, String comm, String cgroup, Map<String, String> fields) {
    static JsonEntry of(StructLayout layout, Entry entry) {
      return new JsonEntry(
          entry.tid(),
          entry.tgid(),
          entry.comm(),
          entry.cgroupPath(),
          Decoder.decode(layout, entry.value().toBytes()));
    }
  }
}
