package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R4;
import static io.taskstorage.bpf.asm.Size.U64;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import io.taskstorage.bpf.asm.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The steps of the protocol, where a {@link Gate} can hold a run between two of them.
 *
 * @param points where it can be held; each makes the program longer
 * @param looksAgain false to leave out the second look
 */
record HeldSteps(Gate gate, Set<Gate.Point> points, boolean looksAgain) implements StoreSteps {
  HeldSteps {
    points = Set.copyOf(points);
  }

  @Override
  public void rowRead(Asm asm) {
    hold(asm, Gate.Point.ROW_READ);
  }

  @Override
  public void valueFound(Asm asm) {
    hold(asm, Gate.Point.VALUE_FOUND);
  }

  /** The first word by itself. */
  @Override
  public void copy(Asm asm, ValueRuns runs, Reg entry, Reg value) {
    if (!points.contains(Gate.Point.WORD_READ)) {
      runs.copy(asm, entry, value);
      return;
    }
    List<ValueRuns.Run> rest = new ArrayList<>(runs.runs());
    ValueRuns.Run first = rest.removeFirst();
    if (first.size() != Size.U64 || first.offset() != 0 || first.count() < 2) {
      throw new IllegalArgumentException("hold at the first word of " + first);
    }
    rest.addFirst(new ValueRuns.Run(U64, U64.bytes(), first.count() - 1));
    asm.load(U64, R4, value, 0).store(U64, R10, Gate.FRAME_WORD, R4);
    hold(asm, Gate.Point.WORD_READ);
    asm.load(U64, R4, R10, Gate.FRAME_WORD).store(U64, entry, 0, R4);
    new ValueRuns(rest).copy(asm, entry, value);
  }

  /** The way past the second look is a branch: the kernel refuses code that nothing leads to. */
  @Override
  public void stored(Asm asm, Label done) {
    if (!looksAgain) {
      asm.mov(R1, 0).jump(R1, EQ, 0, done);
    }
  }

  private void hold(Asm asm, Gate.Point point) {
    if (points.contains(point)) {
      gate.hold(asm, point);
    }
  }
}
