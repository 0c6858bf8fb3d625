package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Helper.SEQ_WRITE;
import static io.taskstorage.bpf.asm.Helper.TASK_STORAGE_GET;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R3;
import static io.taskstorage.bpf.asm.Reg.R4;
import static io.taskstorage.bpf.asm.Reg.R6;
import static io.taskstorage.bpf.asm.Reg.R7;
import static io.taskstorage.bpf.asm.Reg.R8;
import static io.taskstorage.bpf.asm.Reg.R9;
import static io.taskstorage.bpf.asm.Size.U32;
import static io.taskstorage.bpf.asm.Size.U64;

import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.ProgramType;
import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import java.util.List;

/** The programs that an iterator runs for each task there is. */
final class WalkPrograms {
  private static final Reg TASK = R6;

  private final Pieces pieces;
  private final AlignTask sweep;
  private final AlignTask verify;

  WalkPrograms(Pieces pieces, List<ValueRuns> maps) {
    this.pieces = pieces;
    this.sweep = new AlignTask(pieces, maps, AlignTask.Purpose.SWEEP, StoreSteps.PROTOCOL);
    this.verify = new AlignTask(pieces, maps, AlignTask.Purpose.VERIFY, StoreSteps.PROTOCOL);
  }

  /**
   * Brings each task of the walk in line. It is not preempted while it is inside task storage: a
   * birth on the same CPU would be refused its entries then (Linux 6.2 to 6.19).
   *
   * @param preemption whether this kernel has {@code bpf_preempt_disable} (6.10)
   */
  ProgramSpec sweep(boolean preemption) {
    Label out = new Label("out");
    Asm asm =
        new Asm()
            .note("task = ctx->task;")
            .load(U64, TASK, R1, 8)
            .note("if (!task) return 0;")
            .jump(TASK, EQ, 0, out);
    pieces.tally(asm, NodePrograms.Counted.SWEEP.number(), out);
    pieces.count(asm, TallyField.RUNS);
    if (preemption) {
      asm.note("bpf_preempt_disable();").kfunc("bpf_preempt_disable");
    }
    sweep.emit(asm);
    if (preemption) {
      asm.note("bpf_preempt_enable();").kfunc("bpf_preempt_enable");
    }
    return Pieces.program("sweep", new ProgramType.Iterator("task", false), asm, out);
  }

  /** Counts what a sweep would do to each task of the walk, and does nothing. */
  ProgramSpec verify() {
    Label out = new Label("out");
    Asm asm =
        new Asm()
            .note("task = ctx->task;")
            .load(U64, TASK, R1, 8)
            .note("if (!task) return 0;")
            .jump(TASK, EQ, 0, out);
    pieces.tally(asm, NodePrograms.Counted.VERIFY.number(), out);
    pieces.count(asm, TallyField.RUNS);
    verify.emit(asm);
    return Pieces.program("verify", new ProgramType.Iterator("task", false), asm, out);
  }

  /**
   * Writes a record for each task of the walk that has an entry in this map: its id and its
   * process's, u32 each, its cgroup's id, u64, and the value.
   *
   * @param valueBytes of the map
   */
  ProgramSpec list(int map, int valueBytes) {
    Label out = new Label("out");
    Reg entry = R8;
    KernelOffsets offsets = pieces.offsets();
    Asm asm =
        new Asm()
            .note("task = ctx->task;")
            .mov(R9, R1)
            .load(U64, TASK, R1, 8)
            .note("if (!task) return 0;")
            .jump(TASK, EQ, 0, out)
            .note(
                "entry = bpf_task_storage_get(&%s, task, NULL, 0);"
                    .formatted(ProgramMaps.entries(map)))
            .map(R1, ProgramMaps.entries(map))
            .mov(R2, TASK)
            .mov(R3, 0)
            .mov(R4, 0)
            .call(TASK_STORAGE_GET)
            .note("if (!entry) return 0;")
            .jump(R0, EQ, 0, out)
            .mov(entry, R0)
            .note("record = { task->pid, task->tgid, task->cgroups->dfl_cgrp->kn->id };")
            .load(U32, R1, TASK, offsets.taskPid())
            .store(U32, R10, -NodePrograms.RECORD_BYTES, R1)
            .load(U32, R1, TASK, offsets.taskTgid())
            .store(U32, R10, -NodePrograms.RECORD_BYTES + 4, R1);
    pieces.cgroupOf(asm, R7, TASK);
    pieces.idOf(asm, R1, R7);
    asm.store(U64, R10, -NodePrograms.RECORD_BYTES + 8, R1)
        .note("bpf_seq_write(ctx->meta->seq, &record, sizeof(record));")
        .load(U64, R1, R9, 0)
        .load(U64, R1, R1, 0)
        .address(R2, R10, -NodePrograms.RECORD_BYTES)
        .mov(R3, NodePrograms.RECORD_BYTES)
        .call(SEQ_WRITE)
        .note("bpf_seq_write(ctx->meta->seq, entry, sizeof(*entry));")
        .load(U64, R1, R9, 0)
        .load(U64, R1, R1, 0)
        .mov(R2, entry)
        .mov(R3, valueBytes)
        .call(SEQ_WRITE);
    return Pieces.program("list", new ProgramType.Iterator("task", false), asm, out);
  }
}
