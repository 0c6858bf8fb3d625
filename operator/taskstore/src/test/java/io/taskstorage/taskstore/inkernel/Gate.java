package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Cond.NE;
import static io.taskstorage.bpf.asm.Helper.MAP_LOOKUP_ELEM;
import static io.taskstorage.bpf.asm.Helper.MAP_UPDATE_ELEM;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R3;
import static io.taskstorage.bpf.asm.Reg.R4;
import static io.taskstorage.bpf.asm.Size.U32;
import static io.taskstorage.bpf.asm.Size.U64;

import io.taskstorage.bpf.KernelMap;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Holds one run of a program at a point until it is let go, so that what else happens meanwhile
 * happens each time. A program cannot wait: it copies a large value onto itself, again and again,
 * some tenths of a second at most.
 */
final class Gate implements AutoCloseable {
  /** Where a run can be held, of {@link StoreSteps}. */
  enum Point {
    /** It has read row and slots. */
    ROW_READ(1),
    /** It has found the value that is in the slot. */
    VALUE_FOUND(2),
    /** It has read the first word of the value, and not stored it over that of the entry. */
    WORD_READ(3);

    private final int number;

    Point(int number) {
      this.number = number;
    }
  }

  private static final String GATE = "gate";
  private static final String LOAD = "load";
  private static final int LOAD_BYTES = 4 << 20;
  private static final int TIMES = 1024;

  private static final int POINT = 0;
  private static final int HELD = 4;
  private static final int TAKEN = 8;
  private static final int BYTES = 16;

  /** The elements of the gate: what is asked for and who is held, and how many have been let go. */
  private static final int NOW = 0;

  private static final int LET_GO = 1;

  // Below all that the programs keep in their frame.
  private static final int FRAME_GATE = -256;
  private static final int FRAME_LOAD = -264;
  private static final int FRAME_LEFT = -272;

  /** A word that a run that is held keeps, in its frame. */
  static final int FRAME_WORD = -280;

  private final PlainMap gate = PlainMap.array("race_gate", BYTES, 2);
  private final PlainMap load = PlainMap.array("race_load", LOAD_BYTES, 1);

  /** The maps that {@link #hold} names. */
  Map<String, KernelMap> tables() {
    return Map.of(GATE, gate, LOAD, load);
  }

  /**
   * The run that comes here first after {@link #close(Point)} stays; R0 to R5 are lost. Only in its
   * first round: whom changes meet in each round gives up, and is left to the next sweep.
   */
  void hold(Asm asm, Point point) {
    Label out = new Label("open");
    Label spin = new Label("held");
    Label go = new Label("let_go");
    asm.load(U64, R1, R10, Frame.ROUNDS).jump(R1, NE, AlignTask.ROUNDS, out);
    lookup(asm, GATE, NOW, out);
    asm.store(U64, R10, FRAME_GATE, R0)
        .load(U32, R1, R0, POINT)
        .jump(R1, NE, point.number, out)
        .mov(R2, 1)
        .atomicFetchAdd(U64, R0, TAKEN, R2)
        .jump(R2, NE, 0, out)
        .store(U32, R0, HELD, point.number);
    lookup(asm, LOAD, 0, go);
    asm.store(U64, R10, FRAME_LOAD, R0)
        .store(U64, R10, FRAME_LEFT, TIMES)
        .bind(spin)
        .map(R1, LOAD)
        .address(R2, R10, Frame.INDEX)
        .load(U64, R3, R10, FRAME_LOAD)
        .mov(R4, 0)
        .call(MAP_UPDATE_ELEM)
        .load(U64, R1, R10, FRAME_GATE)
        .load(U32, R1, R1, POINT)
        .jump(R1, NE, point.number, go)
        .load(U64, R1, R10, FRAME_LEFT)
        .add(R1, -1)
        .store(U64, R10, FRAME_LEFT, R1)
        .jump(R1, NE, 0, spin)
        .bind(go);
    lookup(asm, GATE, LET_GO, out);
    asm.mov(R1, 1).atomicAdd(U64, R0, 0, R1).bind(out);
  }

  private static void lookup(Asm asm, String map, int index, Label out) {
    asm.store(U32, R10, Frame.INDEX, index)
        .map(R1, map)
        .address(R2, R10, Frame.INDEX)
        .call(MAP_LOOKUP_ELEM)
        .jump(R0, EQ, 0, out);
  }

  /** Lets go who is held, and holds the next run that comes to this point. */
  void close(Point point) {
    put(point.number);
  }

  /** Lets go who is held. */
  void open() {
    put(0);
  }

  /** Whether a run came to the point, and is held if it was not for too long. */
  boolean isHeld(Point point) {
    return element(NOW).getInt(HELD) == point.number;
  }

  /** How many runs that were held have gone on by now. */
  long letGo() {
    return element(LET_GO).getLong(0);
  }

  private ByteBuffer element(int number) {
    return ByteBuffer.wrap(gate.lookup(key(number)).orElseThrow()).order(ByteOrder.nativeOrder());
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(number).array();
  }

  private void put(int point) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
    gate.put(key(NOW), bytes.putInt(POINT, point).array());
  }

  @Override
  public void close() {
    open();
    gate.close();
    load.close();
  }
}
