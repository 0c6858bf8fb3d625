package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.AluOp.MUL;
import static io.taskstorage.bpf.asm.AluOp.OR;
import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Cond.LE;
import static io.taskstorage.bpf.asm.Cond.NE;
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
import static io.taskstorage.bpf.asm.Size.U8;

import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.ProgramType;
import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import java.util.List;

/**
 * The programs that run when a task is born, wakes up first, or is moved: they bring that one task
 * in line.
 */
final class TaskPrograms {
  private static final Reg TASK = R6;

  private final Pieces pieces;
  private final List<ValueRuns> maps;
  private final AlignTask align;

  TaskPrograms(Pieces pieces, List<ValueRuns> maps, StoreSteps steps) {
    this.pieces = pieces;
    this.maps = List.copyOf(maps);
    this.align = new AlignTask(pieces, maps, AlignTask.Purpose.EVENT, steps);
  }

  /**
   * At the birth of a task: it has its entries before it runs. A task of no assigned cgroup costs
   * one walk.
   */
  ProgramSpec newtask() {
    Label out = new Label("out");
    Asm asm =
        new Asm()
            .note("task = ctx[0];")
            .load(U64, TASK, R1, 0)
            .note("if (!task) return 0;")
            .jump(TASK, EQ, 0, out)
            .note("cgroup = task->cgroups->dfl_cgrp;");
    pieces.cgroupOf(asm, R7, TASK);
    pieces.walk(asm, R7, R9, R8);
    refuseWithoutSlot(asm, out);
    pieces.tally(asm, NodePrograms.Counted.NEWTASK.number(), out);
    pieces.count(asm, TallyField.RUNS);
    align.emit(asm);
    return Pieces.program("newtask", new ProgramType.Tracepoint("task_newtask"), asm, out);
  }

  /** Nothing to do for a task just born whose row gives it no entry, or that has none. */
  private void refuseWithoutSlot(Asm asm, Label out) {
    Label found = new Label("found");
    asm.note("if (row) goto found;")
        .jump(R0, NE, 0, found)
        .note("if (level) return 0;")
        .jump(R8, NE, 0, out);
    pieces.tally(asm, NodePrograms.Counted.NEWTASK.number(), out);
    pieces.count(asm, TallyField.TOO_DEEP);
    pieces.tell(asm, Event.Kind.TASK_FAILED, TASK);
    asm.note("return 0;").jump(out).bind(found);
    asm.note("if (!(row->slot[0] | ...)) return 0;").load(U32, R1, R0, 0);
    for (int map = 1; map < maps.size(); map++) {
      asm.load(U32, R2, R0, 4 * map).alu(OR, R1, R2);
    }
    asm.jump(R1, EQ, 0, out);
  }

  /**
   * Before a new task runs for the first time: a backstop for what the birth missed, as where the
   * kernel lets nothing run inside a program that was preempted (7.0 and later). It makes what is
   * missing and looks no further where nothing is.
   */
  ProgramSpec wakeup() {
    Label out = new Label("out");
    Label missing = new Label("missing");
    Asm asm =
        new Asm()
            .note("task = ctx[0];")
            .load(U64, TASK, R1, 0)
            .note("if (!task) return 0;")
            .jump(TASK, EQ, 0, out)
            .note("cgroup = task->cgroups->dfl_cgrp;");
    pieces.cgroupOf(asm, R7, TASK);
    pieces.walk(asm, R7, R9, R8);
    asm.note("if (!row) return 0;").jump(R0, EQ, 0, out).mov(R7, R0);
    for (int map = 0; map < maps.size(); map++) {
      Label next = new Label("next_" + map);
      asm.note("if (row->slot[%d] && !bpf_task_storage_get(...)) goto missing;".formatted(map))
          .load(U32, R1, R7, Integer.BYTES * map)
          .jump(R1, EQ, 0, next)
          .map(R1, ProgramMaps.entries(map))
          .mov(R2, TASK)
          .mov(R3, 0)
          .mov(R4, 0)
          .call(TASK_STORAGE_GET)
          .jump(R0, EQ, 0, missing)
          .bind(next);
    }
    asm.note("return 0;").jump(out).bind(missing);
    pieces.tally(asm, NodePrograms.Counted.WAKEUP.number(), out);
    pieces.count(asm, TallyField.RUNS);
    align.emit(asm);
    return Pieces.program("wakeup", new ProgramType.Tracepoint("sched_wakeup_new"), asm, out);
  }

  /**
   * When a task has come into another cgroup. Interrupts are off: of a process with threads the
   * leader alone is brought in line, and user space is told of the process.
   */
  ProgramSpec attach() {
    Label out = new Label("out");
    Label ours = new Label("ours");
    KernelOffsets offsets = pieces.offsets();
    Asm asm =
        new Asm()
            .note("task = ctx[2]; destination = ctx[0];")
            .mov(R9, R1)
            .load(U64, TASK, R1, 16)
            .load(U64, R7, R1, 0)
            .note("if (!task || !destination) return 0;")
            .jump(TASK, EQ, 0, out)
            .jump(R7, EQ, 0, out)
            .note("if (destination->root != task->cgroups->dfl_cgrp->root) return 0;")
            .load(U64, R7, R7, offsets.cgroupRoot());
    pieces.cgroupOf(asm, R8, TASK);
    asm.load(U64, R8, R8, offsets.cgroupRoot()).jump(R7, EQ, R8, ours).jump(out).bind(ours);
    // A product, for after a branch the verifier would follow all the rest twice.
    asm.note("moved = ctx[3] * task->signal->nr_threads;")
        .load(U8, R7, R9, 24)
        .load(U64, R8, TASK, offsets.taskSignal())
        .load(U32, R8, R8, offsets.signalThreads())
        .alu(MUL, R7, R8)
        .store(U64, R10, Frame.MOVED, R7);
    pieces.tally(asm, NodePrograms.Counted.ATTACH.number(), out);
    pieces.count(asm, TallyField.RUNS);
    align.emit(asm);
    asm.note("if (moved <= 1) return 0;").load(U64, R1, R10, Frame.MOVED).jump(R1, LE, 1, out);
    pieces.tell(asm, Event.Kind.PROCESS_MOVED, TASK);
    return Pieces.program("attach", new ProgramType.Tracepoint("cgroup_attach_task"), asm, out);
  }
}
