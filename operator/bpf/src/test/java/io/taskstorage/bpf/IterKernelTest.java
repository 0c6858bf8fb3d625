package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.asm.SamplePrograms;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Task iterators: what a program writes about each task arrives, whole and once. */
@KernelTest
class IterKernelTest {

  private record Row(int pid, int tgid, long number, long own) {
    static Row read(ByteBuffer record) {
      return new Row(record.getInt(), record.getInt(), record.getLong(), record.getLong());
    }
  }

  private static ProgramSpec dumpEntries() {
    Code code =
        SamplePrograms.dumpEntries(ProgramSamples.taskOffsets(), ProgramSamples.VALUE_BYTES);
    return new ProgramSpec("dump_entries", new ProgramType.Iterator("task", false), "GPL", code);
  }

  private static List<Row> dump(BpfMap entries, TaskFilter filter) {
    try (Program program = Program.load(dumpEntries(), Map.of("entries", entries));
        IterLink link = IterLink.create(program, filter);
        IterReader reader = IterReader.open(link)) {
      return reader.readRecords(8 + ProgramSamples.VALUE_BYTES).stream().map(Row::read).toList();
    }
  }

  @Test
  void dumpsExactlyTheEntriesThatPidfdsSee() {
    // Given
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start()) {
      Task process = tasks.process();
      Task thread = process.thread();
      Task zombie = tasks.process();
      Task without = process.thread();
      List<Task> with = List.of(process, thread, zombie);
      with.forEach(
          task -> ProgramSamples.set(entries, task.tid(), ProgramSamples.value(task.tid(), 7)));
      zombie.exit();

      // When
      List<Row> rows = dump(entries, new TaskFilter.AllTasks());

      // Then
      assertThat(rows)
          .containsExactlyInAnyOrderElementsOf(
              with.stream().map(task -> new Row(task.tid(), task.pid(), task.tid(), 7)).toList());
      for (Row row : rows) {
        assertThat(ProgramSamples.get(entries, row.pid()))
            .isInstanceOfSatisfying(
                Lookup.Present.class,
                present ->
                    assertThat(present.value())
                        .isEqualTo(ProgramSamples.value(row.number(), row.own())));
      }
      assertThat(ProgramSamples.get(entries, without.tid())).isInstanceOf(Lookup.NoEntry.class);
    }
  }

  @Test
  void visitsOneTaskOrOneProcessWhenAsked() {
    // Given
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start()) {
      Task first = tasks.process();
      Task thread = first.thread();
      Task second = tasks.process();
      for (Task task : List.of(first, thread, second)) {
        ProgramSamples.set(entries, task.tid(), ProgramSamples.value(1, 2));
      }

      // When
      List<Row> ofTask = dump(entries, new TaskFilter.OneTask(thread.tid()));
      List<Row> ofProcess = dump(entries, new TaskFilter.ThreadsOf(first.pid()));

      // Then
      assertThat(ofTask).containsExactly(new Row(thread.tid(), first.pid(), 1, 2));
      assertThat(ofProcess)
          .containsExactlyInAnyOrder(
              new Row(first.tid(), first.pid(), 1, 2), new Row(thread.tid(), first.pid(), 1, 2));
    }
  }

  @Test
  void saysItsFilterAndTarget() {
    // Given
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start();
        Program program = Program.load(dumpEntries(), Map.of("entries", entries))) {
      Task task = tasks.process();
      List<TaskFilter> filters =
          List.of(
              new TaskFilter.AllTasks(),
              new TaskFilter.OneTask(task.tid()),
              new TaskFilter.ThreadsOf(task.pid()));

      for (TaskFilter filter : filters) {
        // When
        LinkInfo info;
        try (IterLink link = IterLink.create(program, filter)) {
          info = link.info();
        }

        // Then
        assertThat(info.target()).isEqualTo("task");
        assertThat(info.filter()).isEqualTo(filter);
        assertThat(info.programId()).isEqualTo(program.info().id());
      }
    }
  }

  @Test
  void losesAndDoublesNothingOverManyReads() {
    // Given: 3,000 records of 24 bytes are more than two reads of 32 KiB.
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start()) {
      Task process = tasks.process();
      List<Task> all = new ArrayList<>(process.threads(2_999));
      all.add(process);
      Map<Integer, Row> expected = new HashMap<>();
      for (Task task : all) {
        ProgramSamples.set(entries, task.tid(), ProgramSamples.value(3L * task.tid(), task.tid()));
        expected.put(task.tid(), new Row(task.tid(), process.pid(), 3L * task.tid(), task.tid()));
      }

      // When
      List<Row> rows = dump(entries, new TaskFilter.AllTasks());

      // Then
      assertThat(rows).containsExactlyInAnyOrderElementsOf(expected.values());
    }
  }

  @Test
  void walksAnewForEachReaderAndEndsOnce() {
    // Given
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start();
        Program program = Program.load(dumpEntries(), Map.of("entries", entries));
        IterLink link = IterLink.create(program, new TaskFilter.AllTasks())) {
      Task task = tasks.process();
      ProgramSamples.set(entries, task.tid(), ProgramSamples.value(5, 6));

      // When
      byte[] first;
      byte[] again;
      byte[] second;
      try (IterReader reader = IterReader.open(link)) {
        first = reader.readAll();
        again = reader.readAll();
      }
      try (IterReader reader = IterReader.open(link)) {
        second = reader.readAll();
      }

      // Then
      assertThat(first).hasSize(24).isEqualTo(second);
      assertThat(again).isEmpty();
    }
  }

  @Test
  void runsAProgramThatMaySleep() {
    // Given
    ProgramSpec spec =
        new ProgramSpec(
            "dump_pids",
            new ProgramType.Iterator("task", true),
            "GPL",
            SamplePrograms.dumpPids(ProgramSamples.taskOffsets()));

    // When
    List<Integer> born;
    List<Integer> pids;
    try (Tasks tasks = Tasks.start();
        Program program = Program.load(spec, Map.of());
        IterLink link = IterLink.create(program, new TaskFilter.AllTasks());
        IterReader reader = IterReader.open(link)) {
      born = tasks.process().threads(3).stream().map(Task::tid).toList();
      pids = reader.readRecords(4).stream().map(ByteBuffer::getInt).toList();
    }

    // Then: the kernel goes in ascending order.
    assertThat(pids).containsAll(born).isSorted();
  }

  @Test
  void writesAFieldOfEachEntryInPlace() {
    // Given
    ProgramSpec spec =
        new ProgramSpec(
            "write_hits",
            new ProgramType.Iterator("task", false),
            "GPL",
            SamplePrograms.writeHits(ProgramSamples.OWN_OFFSET));
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start()) {
      Task with = tasks.process();
      Task without = tasks.process();
      ProgramSamples.set(entries, with.tid(), ProgramSamples.value(41, 2));

      // When
      try (Program program = Program.load(spec, Map.of("entries", entries));
          IterLink link = IterLink.create(program, new TaskFilter.AllTasks());
          IterReader reader = IterReader.open(link)) {
        assertThat(reader.readAll()).isEmpty();
      }

      // Then
      assertThat(ProgramSamples.get(entries, with.tid()))
          .isInstanceOfSatisfying(
              Lookup.Present.class,
              present -> assertThat(present.value()).isEqualTo(ProgramSamples.value(41, 7)));
      assertThat(ProgramSamples.get(entries, without.tid())).isInstanceOf(Lookup.NoEntry.class);
    }
  }

  @Test
  void refusesARecordLargerThanTheKernelKeeps() {
    // Given
    Code code = SamplePrograms.writeBuffer("buffer", 40_000);
    ProgramSpec spec =
        new ProgramSpec("large", new ProgramType.Iterator("task", false), "GPL", code);
    try (PlainMap buffer = PlainMap.array("buffer", 40_000, 1);
        Program program = Program.load(spec, Map.of("buffer", buffer));
        IterLink link = IterLink.create(program, new TaskFilter.AllTasks());
        IterReader reader = IterReader.open(link)) {
      // When, Then
      assertThatThrownBy(reader::readAll)
          .hasMessage(
              "iterator read large: E2BIG (argument too large): one record is larger than 32 KiB:"
                  + " write smaller ones");
    }
  }

  @Test
  void refusesRecordsOfAnotherSize() {
    // Given
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start();
        Program program = Program.load(dumpEntries(), Map.of("entries", entries));
        IterLink link = IterLink.create(program, new TaskFilter.AllTasks());
        IterReader reader = IterReader.open(link)) {
      ProgramSamples.set(entries, tasks.process().tid(), ProgramSamples.value(5, 6));

      // When, Then
      assertThatThrownBy(() -> reader.readRecords(10))
          .hasMessage(
              "iterator read dump_entries: 24 bytes are no whole records of 10:"
                  + " the program writes others");
    }
  }

  @Test
  void visitsNothingWhenTheTaskIsGone() {
    // Given
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start();
        Program program = Program.load(dumpEntries(), Map.of("entries", entries))) {
      Task gone = tasks.process();
      gone.exit();
      gone.reap();

      // When
      List<Row> rows;
      try (IterLink link = IterLink.create(program, new TaskFilter.OneTask(gone.tid()));
          IterReader reader = IterReader.open(link)) {
        rows = reader.readRecords(24).stream().map(Row::read).toList();
      }

      // Then
      assertThat(rows).isEmpty();
    }
  }
}
