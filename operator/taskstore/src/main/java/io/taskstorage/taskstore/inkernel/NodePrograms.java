package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.AluOp.OR;
import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Helper.MAP_LOOKUP_ELEM;
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
import static io.taskstorage.bpf.asm.Size.U8;

import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.ProgramType;
import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.asm.Cond;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import io.taskstorage.layout.ByteRange;
import java.util.List;

/**
 * The programs of a node, generated for its set of maps: one set, however many maps there are. The
 * same maps and offsets give the same code.
 */
public final class NodePrograms {
  /** As many maps as a row has room for: the kernel caches as many for each task. */
  public static final int MAX_MAPS = 16;

  /** Bytes of a record of {@link #list} before the value. */
  public static final int RECORD_BYTES = 16;

  private static final String LICENSE = "GPL";
  private static final Reg TASK = R6;

  private final Pieces pieces;
  private final List<ValueRuns> maps;
  private final AlignTask align;

  /**
   * @param ownedRanges of each map, in the order of the slots in a row, what policies own in its
   *     value
   */
  public NodePrograms(KernelOffsets offsets, List<List<ByteRange>> ownedRanges) {
    if (ownedRanges.isEmpty() || ownedRanges.size() > MAX_MAPS) {
      throw new IllegalArgumentException(
          "make programs: %d maps: from 1 to %d".formatted(ownedRanges.size(), MAX_MAPS));
    }
    this.pieces = new Pieces(offsets);
    this.maps = ownedRanges.stream().map(ValueRuns::of).toList();
    this.align = new AlignTask(pieces, maps, AlignTask.Purpose.EVENT);
  }

  /** Bytes of a row: a slot for each map, then the epoch in which each slot was assigned. */
  public int rowBytes() {
    return 2 * Integer.BYTES * maps.size();
  }

  /** Bytes of what one program counts. */
  public int tallyBytes() {
    return TallyField.BYTES * maps.size();
  }

  /** Which element of the tallies a program counts in. */
  public enum Counted {
    NEWTASK(0),
    WAKEUP(1),
    ATTACH(2),
    SWEEP(3),
    CGROUPS(4),
    VERIFY(5);

    private final int number;

    Counted(int number) {
      this.number = number;
    }

    /** The element. */
    public int number() {
      return number;
    }
  }

  /**
   * At the birth of a task: it has its entries before it runs. A task of no assigned cgroup costs
   * one walk.
   */
  public ProgramSpec newtask() {
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
    pieces.tally(asm, Counted.NEWTASK.number(), out);
    pieces.count(asm, TallyField.RUNS);
    align.emit(asm);
    return spec("newtask", new ProgramType.Tracepoint("task_newtask"), end(asm, out));
  }

  /** Nothing to do for a task just born whose row gives it no entry. */
  private void refuseWithoutSlot(Asm asm, Label out) {
    asm.note("if (!row) return 0;").jump(R0, EQ, 0, out);
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
  public ProgramSpec wakeup() {
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
    pieces.tally(asm, Counted.WAKEUP.number(), out);
    pieces.count(asm, TallyField.RUNS);
    align.emit(asm);
    return spec("wakeup", new ProgramType.Tracepoint("sched_wakeup_new"), end(asm, out));
  }

  /**
   * When a task has come into another cgroup. Interrupts are off: of a process with threads the
   * leader alone is brought in line, and user space is told of the process.
   */
  public ProgramSpec attach() {
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
    asm.note("is_multi = ctx[3] && task->signal->nr_threads > 1;")
        .load(U8, R7, R9, 24)
        .load(U64, R8, TASK, offsets.taskSignal())
        .load(U32, R8, R8, offsets.signalThreads())
        .store(U64, R10, Frame.MULTI, 0);
    Label single = new Label("single");
    asm.jump(R7, EQ, 0, single)
        .jump(R8, Cond.LE, 1, single)
        .store(U64, R10, Frame.MULTI, 1)
        .bind(single);
    pieces.tally(asm, Counted.ATTACH.number(), out);
    pieces.count(asm, TallyField.RUNS);
    align.emit(asm);
    asm.note("if (!is_multi) return 0;").load(U64, R1, R10, Frame.MULTI).jump(R1, EQ, 0, out);
    pieces.tell(asm, Event.Kind.PROCESS_MOVED, TASK);
    return spec("attach", new ProgramType.Tracepoint("cgroup_attach_task"), end(asm, out));
  }

  /** Tells of a cgroup that was made or is removed, of the cgroup2 hierarchy or another. */
  private ProgramSpec cgroupDirectory(String name, String tracepoint, Event.Kind kind) {
    Label out = new Label("out");
    Asm asm =
        new Asm()
            .note("cgroup = ctx[0];")
            .load(U64, R7, R1, 0)
            .note("if (!cgroup) return 0;")
            .jump(R7, EQ, 0, out);
    pieces.tally(asm, Counted.CGROUPS.number(), out);
    pieces.tellOfCgroup(asm, kind, R7);
    return spec(name, new ProgramType.Tracepoint(tracepoint), end(asm, out));
  }

  /** Tells of a new cgroup. */
  public ProgramSpec cgroupMade() {
    return cgroupDirectory("cgroup_mkdir", "cgroup_mkdir", Event.Kind.CGROUP_MADE);
  }

  /** Tells of a cgroup that goes. */
  public ProgramSpec cgroupRemoved() {
    return cgroupDirectory("cgroup_rmdir", "cgroup_rmdir", Event.Kind.CGROUP_REMOVED);
  }

  /**
   * Brings each task of the walk in line. It is not preempted while it is inside task storage: a
   * birth on the same CPU would be refused its entries then (Linux 6.2 to 6.19).
   *
   * @param preemption whether this kernel has {@code bpf_preempt_disable} (6.10)
   */
  public ProgramSpec sweep(boolean preemption) {
    Label out = new Label("out");
    Asm asm =
        new Asm()
            .note("task = ctx->task;")
            .load(U64, TASK, R1, 8)
            .note("if (!task) return 0;")
            .jump(TASK, EQ, 0, out);
    pieces.tally(asm, Counted.SWEEP.number(), out);
    pieces.count(asm, TallyField.RUNS);
    if (preemption) {
      asm.note("bpf_preempt_disable();").kfunc("bpf_preempt_disable");
    }
    new AlignTask(pieces, maps, AlignTask.Purpose.SWEEP).emit(asm);
    if (preemption) {
      asm.note("bpf_preempt_enable();").kfunc("bpf_preempt_enable");
    }
    return spec("sweep", new ProgramType.Iterator("task", false), end(asm, out));
  }

  /** Counts what a sweep would do to each task of the walk, and does nothing. */
  public ProgramSpec verify() {
    Label out = new Label("out");
    Asm asm =
        new Asm()
            .note("task = ctx->task;")
            .load(U64, TASK, R1, 8)
            .note("if (!task) return 0;")
            .jump(TASK, EQ, 0, out);
    pieces.tally(asm, Counted.VERIFY.number(), out);
    pieces.count(asm, TallyField.RUNS);
    new AlignTask(pieces, maps, AlignTask.Purpose.VERIFY).emit(asm);
    return spec("verify", new ProgramType.Iterator("task", false), end(asm, out));
  }

  /**
   * Writes a record for each task of the walk that has an entry in this map: its id and its
   * process's, u32 each, its cgroup's id, u64, and the value.
   *
   * @param valueBytes of the map
   */
  public ProgramSpec list(int map, int valueBytes) {
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
            .store(U32, R10, -RECORD_BYTES, R1)
            .load(U32, R1, TASK, offsets.taskTgid())
            .store(U32, R10, -RECORD_BYTES + 4, R1);
    pieces.cgroupOf(asm, R7, TASK);
    pieces.idOf(asm, R1, R7);
    asm.store(U64, R10, -RECORD_BYTES + 8, R1)
        .note("bpf_seq_write(ctx->meta->seq, &record, sizeof(record));")
        .load(U64, R1, R9, 0)
        .load(U64, R1, R1, 0)
        .address(R2, R10, -RECORD_BYTES)
        .mov(R3, RECORD_BYTES)
        .call(SEQ_WRITE)
        .note("bpf_seq_write(ctx->meta->seq, entry, sizeof(*entry));")
        .load(U64, R1, R9, 0)
        .load(U64, R1, R1, 0)
        .mov(R2, entry)
        .mov(R3, valueBytes)
        .call(SEQ_WRITE);
    return spec("list", new ProgramType.Iterator("task", false), end(asm, out));
  }

  /**
   * Changes a row in place. The context is the cgroup's id, u64, and the row; returns 0, or 1 where
   * the cgroup has no row yet.
   */
  public ProgramSpec assign() {
    Label none = new Label("none");
    Asm asm =
        new Asm()
            .note("row = bpf_map_lookup_elem(&assignments, &ctx->cgroup);")
            .mov(R6, R1)
            .load(U64, R2, R1, 0)
            .store(U64, R10, Frame.CGROUP_ID, R2)
            .map(R1, ProgramMaps.ASSIGNMENTS)
            .address(R2, R10, Frame.CGROUP_ID)
            .call(MAP_LOOKUP_ELEM)
            .note("if (!row) return 1;")
            .jump(R0, EQ, 0, none)
            .note("row->epoch[] = ctx->epoch[]; row->slot[] = ctx->slot[];");
    for (int word = 2 * maps.size() - 1; word >= 0; word--) {
      asm.load(U32, R1, R6, 8 + 4 * word).store(U32, R0, 4 * word, R1);
    }
    asm.note("return 0;").mov(R0, 0).exit().bind(none).mov(R0, 1).exit();
    return spec("assign", new ProgramType.Syscall(), asm.code());
  }

  private static Code end(Asm asm, Label out) {
    return asm.bind(out).note("return 0;").mov(R0, 0).exit().code();
  }

  private static ProgramSpec spec(String name, ProgramType type, Code code) {
    return new ProgramSpec(name, type, LICENSE, code);
  }
}
