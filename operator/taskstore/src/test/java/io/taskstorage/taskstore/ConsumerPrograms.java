package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.IterLink;
import io.taskstorage.bpf.IterReader;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.ProgramType;
import io.taskstorage.bpf.TaskFilter;
import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.asm.Cond;
import io.taskstorage.bpf.asm.Helper;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import io.taskstorage.bpf.asm.Size;
import java.nio.file.Path;
import java.util.Map;

/** BPF programs of a consumer that keeps a counter in a field of its own. */
final class ConsumerPrograms {
  private static final int F_CREATE = 1;

  private ConsumerPrograms() {}

  /** Runs once over these tasks: adds 1 to the field, and makes the entry where there is none. */
  static void count(BpfMap map, int fieldOffset, TaskFilter tasks) {
    try (Program program = load(map, fieldOffset);
        IterLink link = IterLink.create(program, tasks);
        IterReader reader = IterReader.open(link)) {
      reader.readAll();
    }
  }

  /** Pins an iterator over all tasks. */
  static void pinLink(BpfMap map, Path pin) {
    try (Program program = load(map, 0);
        IterLink link = IterLink.create(program, new TaskFilter.AllTasks())) {
      link.pin(pin);
    }
  }

  private static Program load(BpfMap map, int fieldOffset) {
    ProgramSpec spec =
        new ProgramSpec("count", new ProgramType.Iterator("task", false), "GPL", code(fieldOffset));
    return Program.load(spec, Map.of("entries", map));
  }

  private static Code code(int fieldOffset) {
    Label out = new Label("out");
    return new Asm()
        .note("task = ctx->task;")
        .load(Size.U64, Reg.R2, Reg.R1, 8)
        .note("if (!task) return 0;")
        .jump(Reg.R2, Cond.EQ, 0, out)
        .note("entry = bpf_task_storage_get(&entries, task, NULL, F_CREATE);")
        .map(Reg.R1, "entries")
        .mov(Reg.R3, 0)
        .mov(Reg.R4, F_CREATE)
        .call(Helper.TASK_STORAGE_GET)
        .note("if (!entry) return 0;")
        .jump(Reg.R0, Cond.EQ, 0, out)
        .note("entry->hits += 1;")
        .load(Size.U64, Reg.R1, Reg.R0, fieldOffset)
        .add(Reg.R1, 1)
        .store(Size.U64, Reg.R0, fieldOffset, Reg.R1)
        .bind(out)
        .note("return 0;")
        .mov(Reg.R0, 0)
        .exit()
        .code();
  }
}
