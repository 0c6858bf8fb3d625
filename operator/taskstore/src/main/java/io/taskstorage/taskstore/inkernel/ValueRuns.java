package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.AluOp.OR;
import static io.taskstorage.bpf.asm.AluOp.XOR;
import static io.taskstorage.bpf.asm.Cond.NE;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R3;
import static io.taskstorage.bpf.asm.Reg.R4;
import static io.taskstorage.bpf.asm.Reg.R5;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import io.taskstorage.bpf.asm.Size;
import io.taskstorage.layout.ByteRange;
import java.util.ArrayList;
import java.util.List;

/**
 * The policy-owned bytes of a value as loads and stores, each the widest that is aligned there: so
 * every scalar is written whole, and what programs own in between is never touched. Long runs of
 * words are loops; the verifier walks through them, six steps a word.
 */
record ValueRuns(List<Run> runs) {

  /** As many words side by side are written out; more are a loop. */
  private static final int UNROLLED = 4;

  /**
   * Equally wide pieces, one after the other.
   *
   * @param offset of the first one, a multiple of its size
   */
  record Run(Size size, int offset, int count) {}

  ValueRuns {
    runs = List.copyOf(runs);
  }

  /** Those of a layout's owned ranges; the value itself is aligned to 8 bytes. */
  static ValueRuns of(List<ByteRange> ranges) {
    List<Run> runs = new ArrayList<>();
    for (ByteRange range : ranges) {
      int at = range.offsetBytes();
      while (at < range.endBytes()) {
        Size size = widest(at, range.endBytes() - at);
        int count = size == Size.U64 ? (range.endBytes() - at) / size.bytes() : 1;
        runs.add(new Run(size, at, count));
        at += count * size.bytes();
      }
    }
    return new ValueRuns(runs);
  }

  private static Size widest(int offset, int room) {
    for (Size size : List.of(Size.U64, Size.U32, Size.U16)) {
      if (offset % size.bytes() == 0 && room >= size.bytes()) {
        return size;
      }
    }
    return Size.U8;
  }

  /** {@code R0 = 0 only if the bytes are equal}; R1 to R5 are lost. No branch hangs on a byte. */
  void compare(Asm asm, Reg one, Reg other) {
    asm.mov(R0, 0);
    for (Run run : runs) {
      each(
          asm,
          run,
          one,
          other,
          (base, otherBase, offset) ->
              asm.load(run.size(), R4, base, offset)
                  .load(run.size(), R5, otherBase, offset)
                  .alu(XOR, R4, R5)
                  .alu(OR, R0, R4));
    }
  }

  /** {@code the bytes of to = those of from}; R1 to R4 are lost. */
  void copy(Asm asm, Reg to, Reg from) {
    for (Run run : runs) {
      each(
          asm,
          run,
          to,
          from,
          (base, fromBase, offset) ->
              asm.load(run.size(), R4, fromBase, offset).store(run.size(), base, offset, R4));
    }
  }

  private interface Piece {
    void emit(Reg base, Reg otherBase, int offset);
  }

  private static void each(Asm asm, Run run, Reg one, Reg other, Piece piece) {
    int bytes = run.size().bytes();
    boolean isUnrolled = run.count() <= UNROLLED;
    if (isUnrolled && run.offset() + run.count() * bytes <= Short.MAX_VALUE) {
      for (int i = 0; i < run.count(); i++) {
        piece.emit(one, other, run.offset() + i * bytes);
      }
      return;
    }
    Label next = new Label("word");
    asm.mov(R1, one).add(R1, run.offset()).mov(R2, other).add(R2, run.offset());
    if (isUnrolled) {
      // Farther than a load or store reaches from the value's begin.
      for (int i = 0; i < run.count(); i++) {
        piece.emit(R1, R2, i * bytes);
      }
      return;
    }
    asm.mov(R3, run.count()).bind(next);
    piece.emit(R1, R2, 0);
    asm.add(R1, bytes).add(R2, bytes).add(R3, -1).jump(R3, NE, 0, next);
  }
}
