package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.AluOp.XOR;
import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Cond.GT;
import static io.taskstorage.bpf.asm.Cond.NE;
import static io.taskstorage.bpf.asm.Helper.MAP_LOOKUP_ELEM;
import static io.taskstorage.bpf.asm.Helper.TASK_STORAGE_DELETE;
import static io.taskstorage.bpf.asm.Helper.TASK_STORAGE_GET;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R3;
import static io.taskstorage.bpf.asm.Reg.R4;
import static io.taskstorage.bpf.asm.Reg.R6;
import static io.taskstorage.bpf.asm.Reg.R8;
import static io.taskstorage.bpf.asm.Reg.R9;
import static io.taskstorage.bpf.asm.Size.U32;
import static io.taskstorage.bpf.asm.Size.U64;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import java.util.List;

/**
 * The part of {@link AlignTask} that is about one map: creates, overwrites or removes the task's
 * entry, or counts what there would be to do. Task, row and slots are where {@code AlignTask} has
 * put them.
 */
final class AlignEntry {
  /** BPF_LOCAL_STORAGE_GET_F_CREATE. */
  private static final int F_CREATE = 1;

  /** What {@code bpf_task_storage_delete} says of an entry that went meanwhile. */
  private static final int ENOENT = -2;

  /** TASK_NEW: a task that has not run yet ({@code include/linux/sched.h}). */
  private static final int TASK_NEW = 0x800;

  private static final Reg TASK = R6;
  private static final Reg ENTRY = R8;
  private static final Reg VALUE = R9;

  private final Pieces pieces;
  private final int map;
  private final int maps;
  private final ValueRuns runs;
  private final AlignTask.Purpose purpose;
  private final StoreSteps steps;

  /**
   * @param map which of the maps
   */
  AlignEntry(
      Pieces pieces, int map, List<ValueRuns> maps, AlignTask.Purpose purpose, StoreSteps steps) {
    this.pieces = pieces;
    this.map = map;
    this.maps = maps.size();
    this.runs = maps.get(map);
    this.purpose = purpose;
    this.steps = steps;
  }

  /** A task that has exited keeps what it has until it is reaped: nobody will read a new value. */
  void countKept(Asm asm) {
    Label none = new Label("none_" + map);
    asm.note(
        "if (bpf_task_storage_get(&%s, task, NULL, 0)) tally->present++;"
            .formatted(ProgramMaps.entries(map)));
    get(asm, false);
    asm.jump(R0, EQ, 0, none);
    pieces.count(asm, TallyField.PRESENT, map);
    asm.bind(none);
  }

  void verify(Asm asm) {
    Label stray = new Label("stray_" + map);
    Label there = new Label("there_" + map);
    Label present = new Label("present_" + map);
    Label next = new Label("next_" + map);
    value(asm, stray, next);
    noteState(asm);
    asm.note(
        "entry = bpf_task_storage_get(&%s, task, NULL, 0);".formatted(ProgramMaps.entries(map)));
    get(asm, false);
    asm.note("if (entry) goto there;").jump(R0, NE, 0, there);
    countMade(asm);
    asm.jump(present).bind(there).note("if (entry is value) goto present;").mov(ENTRY, R0);
    runs.compare(asm, ENTRY, VALUE);
    asm.jump(R0, EQ, 0, present);
    countByEpoch(asm, TallyField.OVERWRITTEN, TallyField.FOREIGN);
    asm.bind(present);
    pieces.count(asm, TallyField.PRESENT, map);
    asm.jump(next).bind(stray);
    asm.note(
        "entry = bpf_task_storage_get(&%s, task, NULL, 0);".formatted(ProgramMaps.entries(map)));
    get(asm, false);
    asm.note("if (!entry) goto next;").jump(R0, EQ, 0, next);
    pieces.count(asm, TallyField.DELETED, map);
    asm.bind(next);
  }

  void set(Asm asm) {
    String entries = ProgramMaps.entries(map);
    Label drop = new Label("drop_" + map);
    Label made = new Label("made_" + map);
    Label there = new Label("there_" + map);
    Label next = new Label("next_" + map);
    value(asm, drop, next);
    steps.valueFound(asm);
    noteState(asm);
    asm.note("entry = bpf_task_storage_get(&%s, task, NULL, 0);".formatted(entries));
    get(asm, false);
    asm.note("if (entry) goto there;").jump(R0, NE, 0, there);
    asm.note("entry = bpf_task_storage_get(&%s, task, value, F_CREATE);".formatted(entries));
    get(asm, true);
    asm.note("if (entry) goto made;").jump(R0, NE, 0, made);
    pieces.count(asm, TallyField.MET, map);
    asm.note("entry = bpf_task_storage_get(&%s, task, value, F_CREATE);".formatted(entries));
    get(asm, true);
    asm.note("if (entry) goto made;").jump(R0, NE, 0, made);
    pieces.count(asm, TallyField.FAILED, map);
    if (purpose == AlignTask.Purpose.EVENT) {
      pieces.tell(asm, Event.Kind.TASK_FAILED, TASK);
    }
    asm.jump(next).bind(made).mov(ENTRY, R0);
    countMade(asm);
    asm.mov(R0, ENTRY).bind(there).note("if (entry is value) goto next;").mov(ENTRY, R0);
    Label present = new Label("present_" + map);
    runs.compare(asm, ENTRY, VALUE);
    asm.jump(R0, EQ, 0, present).note("*entry = *value;");
    steps.copy(asm, runs, ENTRY, VALUE);
    countByEpoch(asm, TallyField.OVERWRITTEN, TallyField.FOREIGN);
    asm.bind(present);
    if (purpose == AlignTask.Purpose.SWEEP) {
      pieces.count(asm, TallyField.PRESENT, map);
    }
    asm.jump(next).bind(drop);
    drop(asm, next);
    asm.bind(next);
  }

  private void drop(Asm asm, Label next) {
    String entries = ProgramMaps.entries(map);
    Label deleted = new Label("deleted_" + map);
    asm.note("entry = bpf_task_storage_get(&%s, task, NULL, 0);".formatted(entries));
    get(asm, false);
    asm.note("if (!entry) goto next;")
        .jump(R0, EQ, 0, next)
        .note("error = bpf_task_storage_delete(&%s, task);".formatted(entries))
        .map(R1, entries)
        .mov(R2, TASK)
        .call(TASK_STORAGE_DELETE)
        .jump(R0, EQ, 0, deleted)
        .note("if (error == -ENOENT) goto next;")
        .jump(R0, EQ, ENOENT, next);
    pieces.count(asm, TallyField.FAILED, map);
    asm.jump(next).bind(deleted);
    pieces.count(asm, TallyField.DELETED, map);
  }

  /** The value of the slot; goes elsewhere where there is no slot, or nothing in it. */
  private void value(Asm asm, Label without, Label next) {
    asm.note("if (!slot[%d]) goto %s;".formatted(map, without))
        .load(U32, R1, R10, Frame.slot(map))
        .jump(R1, EQ, 0, without)
        .note("value = bpf_map_lookup_elem(&%s, &slot);".formatted(ProgramMaps.values(map)))
        .store(U32, R10, Frame.INDEX, R1)
        .map(R1, ProgramMaps.values(map))
        .address(R2, R10, Frame.INDEX)
        .call(MAP_LOOKUP_ELEM)
        .note("if (!value) goto next;")
        .jump(R0, EQ, 0, next)
        .mov(VALUE, R0);
  }

  private void get(Asm asm, boolean create) {
    asm.map(R1, ProgramMaps.entries(map)).mov(R2, TASK);
    if (create) {
      asm.mov(R3, VALUE).mov(R4, F_CREATE);
    } else {
      asm.mov(R3, 0).mov(R4, 0);
    }
    asm.call(TASK_STORAGE_GET);
  }

  /**
   * Before the entry is looked for: one that is missing then may be made by the task's birth in the
   * next moment, and the task run, before it is counted.
   */
  private void noteState(Asm asm) {
    if (purpose != AlignTask.Purpose.EVENT) {
      asm.note("state = task->__state;")
          .load(U32, R1, TASK, pieces.offsets().taskState())
          .store(U32, R10, Frame.STATE, R1);
    }
  }

  private void countMade(Asm asm) {
    if (purpose == AlignTask.Purpose.EVENT) {
      pieces.count(asm, TallyField.MADE, map);
      return;
    }
    Label fresh = new Label("fresh_" + map);
    Label overdue = new Label("overdue_" + map);
    Label inForce = new Label("in_force_" + map);
    Label counted = new Label("counted_" + map);
    asm.note("if (state == TASK_NEW) goto fresh;")
        .load(U32, R1, R10, Frame.STATE)
        .jump(R1, EQ, TASK_NEW, fresh);
    age(asm, inForce);
    asm.note("if (age == 0) goto fresh;")
        .jump(R2, EQ, 0, fresh)
        .note("if (age == OVERDUE) goto overdue;")
        .jump(R2, EQ, Rows.OVERDUE, overdue)
        .bind(inForce);
    pieces.count(asm, TallyField.LATE, map);
    asm.note("goto counted;").jump(counted).bind(overdue);
    pieces.count(asm, TallyField.OVERDUE, map);
    asm.note("goto counted;").jump(counted).bind(fresh);
    pieces.count(asm, TallyField.MADE, map);
    asm.bind(counted);
  }

  /** Counts as {@code earlier} what a sweep does under a row that was in force before. */
  private void countByEpoch(Asm asm, TallyField now, TallyField earlier) {
    if (purpose == AlignTask.Purpose.EVENT) {
      pieces.count(asm, now, map);
      return;
    }
    Label inForce = new Label("in_force_" + map);
    Label counted = new Label("counted_" + map);
    age(asm, inForce);
    asm.note("if (age > OVERDUE) goto in_force;").jump(R2, GT, Rows.OVERDUE, inForce);
    pieces.count(asm, now, map);
    asm.note("goto counted;").jump(counted).bind(inForce);
    pieces.count(asm, earlier, map);
    asm.bind(counted);
  }

  /**
   * {@code R2 = row->epoch ^ tally->epoch}: 0 for a slot of this epoch, {@link Rows#OVERDUE} where
   * it was overdue, more for one of an earlier epoch; R1 is lost.
   */
  private void age(Asm asm, Label without) {
    asm.note("age = row->epoch[%d] ^ tally->epoch;".formatted(map))
        .load(U64, R1, R10, Frame.ROW)
        .jump(R1, EQ, 0, without)
        .load(U32, R2, R1, 4 * (maps + map))
        .load(U64, R1, R10, Frame.TALLY)
        .load(U64, R1, R1, TallyField.EPOCH.offset())
        .alu(XOR, R2, R1);
  }
}
