package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.AluOp.OR;
import static io.taskstorage.bpf.asm.AluOp.XOR;
import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Cond.NE;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R3;
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
import java.util.stream.IntStream;

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
  /** As often it is done at most. */
  static final int ROUNDS = 3;

  private static final Reg TASK = R6;
  private static final Reg CGROUP = R7;

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
  private final List<AlignEntry> maps;
  private final Purpose purpose;
  private final StoreSteps steps;

  /**
   * @param maps the policy-owned bytes of each map, in the order of the row's slots
   */
  AlignTask(Pieces pieces, List<ValueRuns> maps, Purpose purpose, StoreSteps steps) {
    this.pieces = pieces;
    this.maps =
        IntStream.range(0, maps.size())
            .mapToObj(map -> new AlignEntry(pieces, map, maps, purpose, steps))
            .toList();
    this.purpose = purpose;
    this.steps = steps;
  }

  /**
   * The whole of it for the task in R6, with the tally in the frame. All other registers are lost;
   * what could not be done is counted, and told where no sweep would count it.
   */
  void emit(Asm asm) {
    Label round = new Label("round");
    Label again = new Label("again");
    Label without = new Label("without");
    Label inLine = new Label("in_line");
    Label done = new Label("done");
    if (purpose != Purpose.EVENT) {
      Label alive = new Label("alive");
      asm.note("if (!task->exit_state) goto alive;")
          .load(U32, R1, TASK, pieces.offsets().taskExitState())
          .jump(R1, EQ, 0, alive);
      maps.forEach(map -> map.countKept(asm));
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
      Label shallow = new Label("shallow");
      asm.note("if (row) goto shallow;").jump(R0, NE, 0, shallow);
      tooDeep(asm, shallow);
      asm.bind(shallow);
      countTask(asm);
      maps.forEach(map -> map.verify(asm));
      asm.bind(done);
      return;
    }
    steps.rowRead(asm);
    maps.forEach(map -> map.set(asm));
    steps.stored(asm, inLine);
    secondLook(asm, again, without, inLine);
    asm.bind(again);
    pieces.count(asm, TallyField.RETRIED);
    asm.note("while (--rounds);")
        .load(U64, R1, R10, Frame.ROUNDS)
        .add(R1, -1)
        .store(U64, R10, Frame.ROUNDS, R1)
        .jump(R1, NE, 0, round);
    pieces.count(asm, TallyField.FAILED);
    if (purpose == Purpose.EVENT) {
      pieces.tell(asm, Event.Kind.TASK_FAILED, TASK);
    }
    asm.note("goto in_line;").jump(inLine).bind(without);
    tooDeep(asm, inLine);
    asm.bind(inLine);
    if (purpose == Purpose.SWEEP) {
      countTask(asm);
      asm.bind(done);
    }
  }

  /**
   * After a walk that found no row: counts, and tells where no sweep would count it, if the walk
   * has not come to the root either. Else goes to {@code next}.
   */
  private void tooDeep(Asm asm, Label next) {
    asm.note("if (level) goto %s;".formatted(next)).jump(R8, NE, 0, next);
    pieces.count(asm, TallyField.TOO_DEEP);
    if (purpose == Purpose.EVENT) {
      pieces.tell(asm, Event.Kind.TASK_FAILED, TASK);
    }
  }

  /** Counts a task of an assigned cgroup. */
  private void countTask(Asm asm) {
    Label free = new Label("free");
    asm.note("if (row) tally->in_rows++;").load(U64, R1, R10, Frame.ROW).jump(R1, EQ, 0, free);
    pieces.count(asm, TallyField.IN_ROWS);
    asm.bind(free);
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

  /**
   * Goes to {@code done} if all is as it was read, to {@code without} if that is no row, else to
   * {@code again}.
   */
  private void secondLook(Asm asm, Label again, Label without, Label done) {
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
        .note("if (!row) goto without;")
        .jump(R0, EQ, 0, without)
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
