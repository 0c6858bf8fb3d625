package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Bpffs;
import io.taskstorage.bpf.IterLink;
import io.taskstorage.bpf.IterReader;
import io.taskstorage.bpf.KernelMap;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.ProgramFence;
import io.taskstorage.bpf.RingBuffer;
import io.taskstorage.bpf.TaskFilter;
import io.taskstorage.bpf.TracepointLink;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The node's programs with tables that are written as a rule of the protocol forbids. */
final class LooseSet implements RaceRows, AutoCloseable {
  /** What is not done as it should be. */
  enum Fault {
    /** The programs do not look again. */
    NO_SECOND_LOOK,
    /** Each cgroup has one slot for good, in a hash: the value's bytes change, not the row. */
    BYTES_IN_A_HASH,
    /** First the sweep, then the change that it is for. */
    SWEEP_BEFORE_PUBLISH,
    /** A slot that no row leads to is used again, whoever may still read it. */
    NO_FENCE,
    /** Nobody makes what a birth has missed before the task runs. */
    NO_WAKEUP
  }

  private static final int MOST_WALKS = 8;
  private static final List<TallyField> CHANGES =
      List.of(
          TallyField.MADE,
          TallyField.LATE,
          TallyField.OVERWRITTEN,
          TallyField.FOREIGN,
          TallyField.DELETED);
  private static final List<List<ByteRange>> OWNED =
      List.of(
          List.of(
              new ByteRange(0, Long.BYTES * RaceCgroup.PROGRAM_WORD),
              new ByteRange(
                  Long.BYTES * (RaceCgroup.PROGRAM_WORD + 1),
                  Long.BYTES * (RaceCgroup.WORDS.getFirst() - RaceCgroup.PROGRAM_WORD - 1))),
          List.of(new ByteRange(0, Long.BYTES * RaceCgroup.WORDS.getLast())));

  private final Set<Fault> faults;
  private final Map<String, KernelMap> tables = new HashMap<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<ValueSlots> slots = new ArrayList<>();
  private final List<PlainMap> hashes = new ArrayList<>();
  private final Map<Long, Integer> places = new HashMap<>();
  private final Map<Long, int[]> rows = new HashMap<>();
  private final List<Runnable> unpublished = new ArrayList<>();
  private final List<Path> pins = new ArrayList<>();
  private final PlainMap assignments;
  private final Tallies tallies;
  private final Fences fences;
  private final Fences ofSlots;
  private final Program assign;
  private final Program newtask;
  private final IterLink walk;
  private long removed;

  /**
   * Attached, with no row.
   *
   * @param points where the gate can hold the birth of a task
   * @param bpffs where the maps are pinned, until this is closed
   */
  LooseSet(Set<Fault> faults, Gate gate, Set<Gate.Point> points, Path bpffs) {
    this.faults = Set.copyOf(faults);
    boolean looksAgain = !faults.contains(Fault.NO_SECOND_LOOK);
    KernelOffsets offsets = KernelOffsets.of(KernelBtf.vmlinux());
    NodePrograms programs = new NodePrograms(offsets, OWNED);
    NodePrograms held = new NodePrograms(offsets, OWNED, new HeldSteps(gate, points, looksAgain));
    tables.putAll(gate.tables());
    ProgramFence fence = opened(ProgramFence.create());
    fences = opened(new Fences(fence::await));
    ofSlots = faults.contains(Fault.NO_FENCE) ? opened(new Fences(() -> {})) : fences;
    assignments =
        table(ProgramMaps.ASSIGNMENTS, PlainMap.hash("race_rows", 8, programs.rowBytes(), 64));
    PlainMap counts =
        PlainMap.array("race_tallies", programs.tallyBytes(), NodePrograms.Counted.values().length);
    tallies = new Tallies(table(ProgramMaps.TALLIES, counts), OWNED.size());
    table(ProgramMaps.EVENTS, RingBuffer.create("race_events", 1 << 16));
    for (int map = 0; map < OWNED.size(); map++) {
      int bytes = Long.BYTES * RaceCgroup.WORDS.get(map);
      BpfMap entries = table(ProgramMaps.entries(map), TestMaps.entries("race_" + map, bytes));
      Path pin = bpffs.resolve("race_" + map);
      entries.pin(pin);
      pins.add(pin);
      ValueSlots of = opened(ValueSlots.create("race_slots", bytes));
      slots.add(of);
      PlainMap hash = opened(PlainMap.hash("race_values", Integer.BYTES, bytes, 64));
      hashes.add(hash);
      tables.put(
          ProgramMaps.values(map), faults.contains(Fault.BYTES_IN_A_HASH) ? hash : of.table());
    }
    assign = opened(Program.load(programs.assign(), tables));
    boolean preemption =
        KernelBtf.vmlinux().typeId("bpf_preempt_disable", BtfKind.FUNC).isPresent();
    walk =
        opened(
            IterLink.create(
                opened(Program.load(programs.sweep(preemption), tables)),
                new TaskFilter.AllTasks()));
    newtask = opened(Program.load(held.newtask(), tables));
    opened(TracepointLink.attach(newtask));
    if (!faults.contains(Fault.NO_WAKEUP)) {
      opened(TracepointLink.attach(opened(Program.load(programs.wakeup(), tables))));
    }
    opened(TracepointLink.attach(opened(Program.load(programs.attach(), tables))));
  }

  private <M extends KernelMap> M table(String name, M map) {
    tables.put(name, map);
    return opened(map);
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.push(closeable);
    return closeable;
  }

  List<Path> pins() {
    return List.copyOf(pins);
  }

  @Override
  public void assign(long cgroup, List<Optional<Value>> row) {
    publish(() -> store(cgroup, row));
  }

  @Override
  public void unassign(long cgroup) {
    publish(
        () -> {
          int[] before = rows.remove(cgroup);
          if (before != null) {
            assignments.remove(key(cgroup));
            removed = fences.next();
            release(before);
          }
        });
  }

  private void publish(Runnable change) {
    if (faults.contains(Fault.SWEEP_BEFORE_PUBLISH)) {
      unpublished.add(change);
    } else {
      change.run();
    }
  }

  private void store(long cgroup, List<Optional<Value>> row) {
    int[] next = new int[row.size()];
    for (int map = 0; map < next.length; map++) {
      next[map] = row.get(map).isPresent() ? slot(cgroup, map, row.get(map).get()) : 0;
    }
    // The epochs of a row are only for what is counted.
    ByteBuffer context =
        ByteBuffer.allocate(8 + 2 * Integer.BYTES * next.length).order(ByteOrder.nativeOrder());
    context.putLong(cgroup);
    Arrays.stream(next).forEach(context::putInt);
    int[] before = rows.put(cgroup, next);
    if (before != null) {
      assign.run(context.array());
      release(before);
      return;
    }
    fences.await(removed);
    byte[] all = context.array();
    assignments.put(key(cgroup), Arrays.copyOfRange(all, 8, all.length));
  }

  private int slot(long cgroup, int map, Value value) {
    if (!faults.contains(Fault.BYTES_IN_A_HASH)) {
      return slots.get(map).take(value, ofSlots);
    }
    int place = places.computeIfAbsent(cgroup, _ -> places.size() + 1);
    byte[] key =
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(place).array();
    hashes.get(map).put(key, value.toBytes());
    return place;
  }

  private void release(int[] row) {
    if (faults.contains(Fault.BYTES_IN_A_HASH)) {
      return;
    }
    for (int map = 0; map < row.length; map++) {
      slots.get(map).release(row[map], ofSlots);
    }
    if (faults.contains(Fault.NO_FENCE)) {
      ofSlots.await(ofSlots.next());
    }
  }

  @Override
  public void sweep() {
    boolean isDone = false;
    for (int i = 0; i < MOST_WALKS && !isDone; i++) {
      isDone = walk();
    }
    unpublished.forEach(Runnable::run);
    unpublished.clear();
  }

  /** Whether there was nothing to do. */
  private boolean walk() {
    tallies.begin(NodePrograms.Counted.SWEEP, 0);
    try (IterReader reader = IterReader.open(walk)) {
      reader.readAll();
    }
    return CHANGES.stream().allMatch(field -> count(NodePrograms.Counted.SWEEP, field) == 0);
  }

  /** What a program has counted, for all maps together. */
  long count(NodePrograms.Counted program, TallyField field) {
    return tallies.of(program).stream().mapToLong(counts -> counts.getOrDefault(field, 0L)).sum();
  }

  /** Births that the kernel has not called the program for: it ran already on that CPU. */
  long skipped() {
    return newtask.info().recursionMisses();
  }

  private static byte[] key(long cgroup) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(cgroup).array();
  }

  @Override
  public void close() {
    pins.forEach(Bpffs::unpin);
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
