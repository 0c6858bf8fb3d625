package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.AluOp.OR;
import static io.taskstorage.bpf.asm.AluOp.XOR;
import static io.taskstorage.bpf.asm.Cond.EQ;
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
import static io.taskstorage.bpf.asm.Reg.R7;
import static io.taskstorage.bpf.asm.Reg.R8;
import static io.taskstorage.bpf.asm.Reg.R9;
import static io.taskstorage.bpf.asm.Size.U32;
import static io.taskstorage.bpf.asm.Size.U64;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import java.util.List;

/**
 * Brings one task in line: reads its cgroup, the row and its slots; creates, overwrites or removes
 * its entries; then looks again at all that it read. What differs then is done again, at most three
 * times: somebody changed a row, or moved the task, meanwhile.
 *
 * <p>The barrier between the stores and the second look is what makes that enough: whoever changes
 * a row stores first and sweeps after that, so either this run sees the change or the sweep sees
 * this run's entry.
 */
final class AlignTask {
  private static final int ROUNDS = 3;

  /** BPF_LOCAL_STORAGE_GET_F_CREATE. */
  private static final int F_CREATE = 1;

  /** What {@code bpf_task_storage_delete} says of an entry that went meanwhile. */
  private static final int ENOENT = -2;

  private static final Reg TASK = R6;
  private static final Reg CGROUP = R7;
  private static final Reg ENTRY = R8;
  private static final Reg VALUE = R9;

  /** TASK_NEW: a task that has not run yet ({@code include/linux/sched.h}). */
  private static final int TASK_NEW = 0x800;

  /** Why a task is brought in line. */
  enum Purpose {
    /** It is born, or has come into another cgroup: what it has not was never there. */
    EVENT,
    /** It may have run: what ought to have been there is counted apart. */
    SWEEP,
    /** It is only looked at, once: what a sweep would do is counted. */
    VERIFY
  }

  private final Pieces pieces;
  private final List<ValueRuns> maps;
  private final Purpose purpose;

  /**
   * @param maps the policy-owned bytes of each map, in the order of the row's slots
   */
  AlignTask(Pieces pieces, List<ValueRuns> maps, Purpose purpose) {
    this.pieces = pieces;
    this.maps = List.copyOf(maps);
    this.purpose = purpose;
  }

  /**
   * The whole of it for the task in R6, with the tally in the frame. All other registers are lost;
   * what could not be done is counted and told.
   */
  void emit(Asm asm) {
    Label round = new Label("round");
    Label again = new Label("again");
    Label inLine = new Label("in_line");
    Label done = new Label("done");
    if (purpose != Purpose.EVENT) {
      Label alive = new Label("alive");
      asm.note("if (!task->exit_state) goto alive;")
          .load(U32, R1, TASK, pieces.offsets().taskExitState())
          .jump(R1, EQ, 0, alive);
      for (int map = 0; map < maps.size(); map++) {
        countKept(asm, map);
      }
      asm.note("goto done;").jump(done).bind(alive);
    }
    if (purpose != Purpose.VERIFY) {
      asm.note("rounds = %d;".formatted(ROUNDS)).store(U64, R10, Frame.ROUNDS, ROUNDS).bind(round);
    }
    asm.note("cgroup = task->cgroups->dfl_cgrp;");
    pieces.cgroupOf(asm, CGROUP, TASK);
    pieces.walk(asm, CGROUP, R9, R8);
    slots(asm);
    if (purpose == Purpose.VERIFY) {
      countTask(asm);
      for (int map = 0; map < maps.size(); map++) {
        verify(asm, map);
      }
      asm.bind(done);
      return;
    }
    for (int map = 0; map < maps.size(); map++) {
      set(asm, map);
    }
    secondLook(asm, again, inLine);
    asm.bind(again);
    pieces.count(asm, TallyField.RETRIED);
    asm.note("while (--rounds);")
        .load(U64, R1, R10, Frame.ROUNDS)
        .add(R1, -1)
        .store(U64, R10, Frame.ROUNDS, R1)
        .jump(R1, NE, 0, round);
    pieces.count(asm, TallyField.FAILED);
    pieces.tell(asm, Event.Kind.TASK_FAILED, TASK);
    asm.bind(inLine);
    if (purpose == Purpose.SWEEP) {
      countTask(asm);
      asm.bind(done);
    }
  }

  /** A task that has exited keeps what it has until it is reaped: nobody will read a new value. */
  private void countKept(Asm asm, int map) {
    Label none = new Label("none_" + map);
    asm.note(
        "if (bpf_task_storage_get(&%s, task, NULL, 0)) tally->present++;"
            .formatted(ProgramMaps.entries(map)));
    get(asm, map, false);
    asm.jump(R0, EQ, 0, none);
    pieces.count(asm, TallyField.PRESENT, map);
    asm.bind(none);
  }

  /** Counts a task of an assigned cgroup. */
  private void countTask(Asm asm) {
    Label free = new Label("free");
    asm.note("if (row) tally->in_rows++;").load(U64, R1, R10, Frame.ROW).jump(R1, EQ, 0, free);
    pieces.count(asm, TallyField.IN_ROWS);
    asm.bind(free);
  }

  private void verify(Asm asm, int map) {
    Label stray = new Label("stray_" + map);
    Label there = new Label("there_" + map);
    Label present = new Label("present_" + map);
    Label next = new Label("next_" + map);
    value(asm, map, stray, next);
    asm.note(
        "entry = bpf_task_storage_get(&%s, task, NULL, 0);".formatted(ProgramMaps.entries(map)));
    get(asm, map, false);
    asm.note("if (entry) goto there;").jump(R0, NE, 0, there);
    countMade(asm, map);
    asm.jump(present).bind(there).note("if (entry is value) goto present;").mov(ENTRY, R0);
    maps.get(map).compare(asm, ENTRY, VALUE);
    asm.jump(R0, EQ, 0, present);
    countByEpoch(asm, map, TallyField.OVERWRITTEN, TallyField.FOREIGN);
    asm.bind(present);
    pieces.count(asm, TallyField.PRESENT, map);
    asm.jump(next).bind(stray);
    asm.note(
        "entry = bpf_task_storage_get(&%s, task, NULL, 0);".formatted(ProgramMaps.entries(map)));
    get(asm, map, false);
    asm.note("if (!entry) goto next;").jump(R0, EQ, 0, next);
    pieces.count(asm, TallyField.DELETED, map);
    asm.bind(next);
  }

  /** The value of the slot; goes elsewhere where there is no slot, or nothing in it. */
  private static void value(Asm asm, int map, Label without, Label next) {
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

  /** Remembers row and slots: one aligned load each, no slot where there is no row. */
  private void slots(Asm asm) {
    Label none = new Label("none");
    Label read = new Label("read");
    asm.note("slot[] = row ? row->slot[] : 0;")
        .store(U64, R10, Frame.ROW, R0)
        .jump(R0, EQ, 0, none);
    for (int map = 0; map < maps.size(); map++) {
      asm.load(U32, R1, R0, 4 * map).store(U32, R10, Frame.slot(map), R1);
    }
    asm.jump(read).bind(none);
    for (int map = 0; map < maps.size(); map++) {
      asm.store(U32, R10, Frame.slot(map), 0);
    }
    asm.bind(read);
  }

  private void set(Asm asm, int map) {
    String entries = ProgramMaps.entries(map);
    Label drop = new Label("drop_" + map);
    Label made = new Label("made_" + map);
    Label there = new Label("there_" + map);
    Label next = new Label("next_" + map);
    value(asm, map, drop, next);
    asm.note("entry = bpf_task_storage_get(&%s, task, NULL, 0);".formatted(entries));
    get(asm, map, false);
    asm.note("if (entry) goto there;").jump(R0, NE, 0, there);
    asm.note("entry = bpf_task_storage_get(&%s, task, value, F_CREATE);".formatted(entries));
    get(asm, map, true);
    asm.note("if (entry) goto made;").jump(R0, NE, 0, made);
    pieces.count(asm, TallyField.MET, map);
    asm.note("entry = bpf_task_storage_get(&%s, task, value, F_CREATE);".formatted(entries));
    get(asm, map, true);
    asm.note("if (entry) goto made;").jump(R0, NE, 0, made);
    pieces.count(asm, TallyField.FAILED, map);
    pieces.tell(asm, Event.Kind.TASK_FAILED, TASK);
    asm.jump(next).bind(made).mov(ENTRY, R0);
    countMade(asm, map);
    asm.mov(R0, ENTRY).bind(there).note("if (entry is value) goto next;").mov(ENTRY, R0);
    ValueRuns runs = maps.get(map);
    Label present = new Label("present_" + map);
    runs.compare(asm, ENTRY, VALUE);
    asm.jump(R0, EQ, 0, present).note("*entry = *value;");
    runs.copy(asm, ENTRY, VALUE);
    countByEpoch(asm, map, TallyField.OVERWRITTEN, TallyField.FOREIGN);
    asm.bind(present);
    if (purpose == Purpose.SWEEP) {
      pieces.count(asm, TallyField.PRESENT, map);
    }
    asm.jump(next).bind(drop);
    drop(asm, map, next);
    asm.bind(next);
  }

  private void countMade(Asm asm, int map) {
    if (purpose == Purpose.EVENT) {
      pieces.count(asm, TallyField.MADE, map);
      return;
    }
    Label fresh = new Label("fresh_" + map);
    Label counted = new Label("counted_" + map);
    asm.note("if (task->__state == TASK_NEW) goto fresh;")
        .load(U32, R1, TASK, pieces.offsets().taskState())
        .jump(R1, EQ, TASK_NEW, fresh);
    countByEpoch(asm, map, TallyField.MADE, TallyField.LATE);
    asm.note("goto counted;").jump(counted).bind(fresh);
    pieces.count(asm, TallyField.MADE, map);
    asm.bind(counted);
  }

  /** Counts as {@code earlier} what a sweep does under a row that was in force before. */
  private void countByEpoch(Asm asm, int map, TallyField now, TallyField earlier) {
    if (purpose == Purpose.EVENT) {
      pieces.count(asm, now, map);
      return;
    }
    Label inForce = new Label("in_force_" + map);
    Label counted = new Label("counted_" + map);
    asm.note("if (row->epoch[%d] != tally->epoch) goto in_force;".formatted(map))
        .load(U64, R1, R10, Frame.ROW)
        .jump(R1, EQ, 0, inForce)
        .load(U32, R2, R1, 4 * (maps.size() + map))
        .load(U64, R1, R10, Frame.TALLY)
        .load(U64, R1, R1, TallyField.EPOCH.offset())
        .jump(R1, NE, R2, inForce);
    pieces.count(asm, now, map);
    asm.note("goto counted;").jump(counted).bind(inForce);
    pieces.count(asm, earlier, map);
    asm.bind(counted);
  }

  private void drop(Asm asm, int map, Label next) {
    String entries = ProgramMaps.entries(map);
    Label deleted = new Label("deleted_" + map);
    asm.note("entry = bpf_task_storage_get(&%s, task, NULL, 0);".formatted(entries));
    get(asm, map, false);
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

  private static void get(Asm asm, int map, boolean create) {
    asm.map(R1, ProgramMaps.entries(map)).mov(R2, TASK);
    if (create) {
      asm.mov(R3, VALUE).mov(R4, F_CREATE);
    } else {
      asm.mov(R3, 0).mov(R4, 0);
    }
    asm.call(TASK_STORAGE_GET);
  }

  /** Goes to {@code done} if all is as it was read, else to {@code again}. */
  private void secondLook(Asm asm, Label again, Label done) {
    asm.note("smp_mb();")
        .mov(R1, 1)
        .store(U64, R10, Frame.BARRIER, 0)
        .atomicFetchAdd(U64, R10, Frame.BARRIER, R1)
        .note("if (task->cgroups->dfl_cgrp != cgroup) goto again;");
    pieces.cgroupOf(asm, R1, TASK);
    asm.jump(R1, NE, CGROUP, again);
    pieces.walk(asm, CGROUP, R9, R8);
    asm.note("if (nearest(cgroup) != row) goto again;")
        .load(U64, R1, R10, Frame.ROW)
        .jump(R0, NE, R1, again)
        .note("if (!row) return;")
        .jump(R0, EQ, 0, done)
        .note("if (row->slot[] != slot[]) goto again;")
        .mov(R3, 0);
    for (int map = 0; map < maps.size(); map++) {
      asm.load(U32, R1, R0, 4 * map)
          .load(U32, R2, R10, Frame.slot(map))
          .alu(XOR, R1, R2)
          .alu(OR, R3, R1);
    }
    asm.jump(R3, EQ, 0, done);
  }
}
