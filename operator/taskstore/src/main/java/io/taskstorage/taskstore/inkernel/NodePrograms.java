package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Helper.MAP_LOOKUP_ELEM;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R6;
import static io.taskstorage.bpf.asm.Reg.R7;
import static io.taskstorage.bpf.asm.Size.U32;
import static io.taskstorage.bpf.asm.Size.U64;

import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.ProgramType;
import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.layout.ByteRange;
import java.util.List;

/**
 * The programs of a node, generated for its set of maps: one set, however many maps there are. The
 * same maps and offsets give the same code.
 */
public final class NodePrograms {
  /** As many maps as a row has room for: the kernel caches as many for each task. */
  public static final int MAX_MAPS = 16;

  /** As many levels may a task's cgroup lie below the one with the row that decides. */
  public static final int MAX_LEVELS = Pieces.LEVELS - 1;

  /** Bytes of a record of {@link #list} before the value. */
  public static final int RECORD_BYTES = 16;

  private final Pieces pieces;
  private final int maps;
  private final TaskPrograms ofTasks;
  private final WalkPrograms walks;

  /**
   * @param ownedRanges of each map, in the order of the slots in a row, what policies own in its
   *     value
   */
  public NodePrograms(KernelOffsets offsets, List<List<ByteRange>> ownedRanges) {
    this(offsets, ownedRanges, StoreSteps.PROTOCOL);
  }

  /**
   * The same.
   *
   * @param steps of the programs that run at a task's birth and move
   */
  NodePrograms(KernelOffsets offsets, List<List<ByteRange>> ownedRanges, StoreSteps steps) {
    if (ownedRanges.isEmpty() || ownedRanges.size() > MAX_MAPS) {
      throw new IllegalArgumentException(
          "make programs: %d maps: from 1 to %d".formatted(ownedRanges.size(), MAX_MAPS));
    }
    this.pieces = new Pieces(offsets);
    this.maps = ownedRanges.size();
    List<ValueRuns> owned = ownedRanges.stream().map(ValueRuns::of).toList();
    this.ofTasks = new TaskPrograms(pieces, owned, steps);
    this.walks = new WalkPrograms(pieces, owned);
  }

  /** Bytes of a row: a slot for each map, then the epoch in which each slot was assigned. */
  public int rowBytes() {
    return 2 * Integer.BYTES * maps;
  }

  /** Bytes of what one program counts. */
  public int tallyBytes() {
    return TallyField.BYTES * maps;
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

  /** At the birth of a task: it has its entries before it runs. */
  public ProgramSpec newtask() {
    return ofTasks.newtask();
  }

  /** Before a new task runs for the first time: a backstop for what the birth missed. */
  public ProgramSpec wakeup() {
    return ofTasks.wakeup();
  }

  /** When a task has come into another cgroup. */
  public ProgramSpec attach() {
    return ofTasks.attach();
  }

  /**
   * Brings each task of the walk in line.
   *
   * @param preemption whether this kernel has {@code bpf_preempt_disable} (6.10)
   */
  public ProgramSpec sweep(boolean preemption) {
    return walks.sweep(preemption);
  }

  /** Counts what a sweep would do to each task of the walk, and does nothing. */
  public ProgramSpec verify() {
    return walks.verify();
  }

  /**
   * Writes a record for each task of the walk that has an entry in this map: its id and its
   * process's, u32 each, its cgroup's id, u64, and the value.
   *
   * @param valueBytes of the map
   */
  public ProgramSpec list(int map, int valueBytes) {
    return walks.list(map, valueBytes);
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
    return Pieces.program(name, new ProgramType.Tracepoint(tracepoint), asm, out);
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
    for (int word = 2 * maps - 1; word >= 0; word--) {
      asm.load(U32, R1, R6, 8 + 4 * word).store(U32, R0, 4 * word, R1);
    }
    asm.note("return 0;").mov(R0, 0).exit().bind(none).mov(R0, 1).exit();
    return new ProgramSpec("assign", new ProgramType.Syscall(), Pieces.LICENSE, asm.code());
  }
}
