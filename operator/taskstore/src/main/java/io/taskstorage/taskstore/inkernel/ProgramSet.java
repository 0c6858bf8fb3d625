package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.IterLink;
import io.taskstorage.bpf.IterReader;
import io.taskstorage.bpf.KernelMap;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.ProgramFence;
import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.RingBuffer;
import io.taskstorage.bpf.TaskFilter;
import io.taskstorage.bpf.TracepointLink;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs of a set of maps, loaded and attached, with the tables that they read. Closing it
 * detaches them; entries stay with their tasks. Confined to the thread that loaded it.
 */
public final class ProgramSet implements AutoCloseable {

  /**
   * A map of the set.
   *
   * @param entries stays the caller's to close
   * @param owned what policies own in a value
   */
  public record SetMap(BpfMap entries, int valueBytes, List<ByteRange> owned) {}

  private static final int ROWS = 8192;
  private static final int RING_BYTES = 1 << 20;

  private final List<SetMap> maps;
  private final Map<String, KernelMap> tables = new HashMap<>();
  private final List<ValueSlots> values = new ArrayList<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final PlainMap assignments;
  private final PlainMap tallies;
  private final RingBuffer events;
  private final Program assign;
  private final ProgramFence fence;
  private final Map<Long, int[]> rows = new HashMap<>();
  private final Map<Long, int[]> epochs = new HashMap<>();
  private int epoch = 1;
  private boolean isRowRemoved;
  private final List<Program> attached;
  private final IterLink sweep;
  private final IterLink verify;
  private final List<IterLink> lists = new ArrayList<>();

  private ProgramSet(List<SetMap> maps) {
    this.maps = List.copyOf(maps);
    NodePrograms programs =
        new NodePrograms(KernelOffsets.ofThisKernel(), maps.stream().map(SetMap::owned).toList());
    try {
      this.fence = opened(ProgramFence.create());
      this.assignments =
          table(
              ProgramMaps.ASSIGNMENTS,
              PlainMap.hash("ts_assignments", 8, programs.rowBytes(), ROWS));
      this.tallies =
          table(
              ProgramMaps.TALLIES,
              PlainMap.array(
                  "ts_tallies", programs.tallyBytes(), NodePrograms.Counted.values().length));
      this.events = table(ProgramMaps.EVENTS, RingBuffer.create("ts_events", RING_BYTES));
      for (int i = 0; i < maps.size(); i++) {
        SetMap map = maps.get(i);
        tables.put(ProgramMaps.entries(i), map.entries());
        ValueSlots slots = ValueSlots.create("ts_values_" + i, map.valueBytes());
        open.push(slots);
        values.add(slots);
        tables.put(ProgramMaps.values(i), slots.table());
      }
      this.assign = load(programs.assign());
      boolean preemption =
          KernelBtf.vmlinux().typeId("bpf_preempt_disable", BtfKind.FUNC).isPresent();
      this.sweep =
          opened(IterLink.create(load(programs.sweep(preemption)), new TaskFilter.AllTasks()));
      this.verify = opened(IterLink.create(load(programs.verify()), new TaskFilter.AllTasks()));
      for (int i = 0; i < maps.size(); i++) {
        ProgramSpec list = programs.list(i, maps.get(i).valueBytes());
        lists.add(opened(IterLink.create(load(list), new TaskFilter.AllTasks())));
      }
      this.attached =
          Stream.of(
                  programs.newtask(),
                  programs.wakeup(),
                  programs.attach(),
                  programs.cgroupMade(),
                  programs.cgroupRemoved())
              .map(this::load)
              .toList();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Loads the programs, with tables in which there is no row.
   *
   * @throws BpfException if the kernel refuses a table or a program
   */
  public static ProgramSet load(List<SetMap> maps) {
    return new ProgramSet(maps);
  }

  /**
   * From now on tasks that are born or moved have what rows say.
   *
   * @throws BpfException if the kernel refuses a link
   */
  public void attach() {
    attached.forEach(program -> opened(TracepointLink.attach(program)));
  }

  private <M extends KernelMap> M table(String name, M map) {
    open.push(map);
    tables.put(name, map);
    return map;
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.push(closeable);
    return closeable;
  }

  private Program load(ProgramSpec spec) {
    return opened(Program.load(spec, tables));
  }

  /**
   * From now on tasks that are born in this cgroup, or below it where no row is nearer, have these
   * values; those that are there have them after {@link #sweep}.
   *
   * @param wanted for each map of the set its value, empty for no entry
   * @throws BpfException E2BIG where there is no room for another value or row; nothing has changed
   */
  public void assign(long cgroup, List<Optional<Value>> wanted) {
    int[] slots = new int[maps.size()];
    try {
      for (int i = 0; i < slots.length; i++) {
        ValueSlots of = values.get(i);
        slots[i] = wanted.get(i).map(value -> of.take(value, this::awaitPrograms)).orElse(0);
      }
      store(cgroup, slots);
    } catch (RuntimeException e) {
      release(slots);
      throw e;
    }
    int[] before = rows.put(cgroup, slots);
    if (before != null) {
      release(before);
    }
  }

  private void store(long cgroup, int[] slots) {
    int[] before = rows.getOrDefault(cgroup, new int[slots.length]);
    int[] since = epochs.computeIfAbsent(cgroup, _ -> new int[slots.length]);
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != before[i]) {
        since[i] = epoch;
      }
    }
    ByteBuffer context =
        ByteBuffer.allocate(8 + 2 * Integer.BYTES * slots.length).order(ByteOrder.nativeOrder());
    context.putLong(cgroup);
    Arrays.stream(slots).forEach(context::putInt);
    Arrays.stream(since).forEach(context::putInt);
    byte[] all = context.array();
    if (rows.containsKey(cgroup)) {
      assign.run(all);
      return;
    }
    if (isRowRemoved) {
      // A program may still be at the element that this one would get.
      awaitPrograms();
    }
    assignments.put(Arrays.copyOf(all, 8), Arrays.copyOfRange(all, 8, all.length));
  }

  /** The cgroup has no row of its own any more; the nearest above it decides. */
  public void unassign(long cgroup) {
    int[] slots = rows.remove(cgroup);
    epochs.remove(cgroup);
    if (slots != null) {
      assignments.remove(
          ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(cgroup).array());
      isRowRemoved = true;
      release(slots);
    }
  }

  private void release(int[] slots) {
    for (int i = 0; i < slots.length; i++) {
      values.get(i).release(slots[i]);
    }
  }

  /** After that, what rows led to before can be used for something else. */
  private void awaitPrograms() {
    fence.await();
    isRowRemoved = false;
    values.forEach(ValueSlots::fenced);
  }

  /** Brings every task in line with the rows; what it did for each map of the set. */
  public List<Map<TallyField, Long>> sweep() {
    return walk(sweep, NodePrograms.Counted.SWEEP);
  }

  /** What rows say now counts as having been in force, for what later walks find. */
  public void advance() {
    epoch++;
  }

  /** What {@link #sweep} would do. */
  public List<Map<TallyField, Long>> verify() {
    return walk(verify, NodePrograms.Counted.VERIFY);
  }

  private List<Map<TallyField, Long>> walk(IterLink link, NodePrograms.Counted counted) {
    ByteBuffer fresh =
        ByteBuffer.allocate(tallies.info().valueSize()).order(ByteOrder.nativeOrder());
    fresh.putLong(TallyField.EPOCH.offset(), epoch);
    tallies.put(key(counted), fresh.array());
    try (IterReader reader = IterReader.open(link)) {
      reader.readAll();
    }
    return tally(counted);
  }

  /**
   * An entry as a walk met it.
   *
   * @param tid in the first pid namespace, as {@code pid} is
   * @param cgroup the id of the task's cgroup
   */
  public record Found(int tid, int pid, long cgroup, Value value) {}

  /** Every task that has an entry in a map of the set. */
  public List<Found> list(int map) {
    int bytes = NodePrograms.RECORD_BYTES + maps.get(map).valueBytes();
    try (IterReader reader = IterReader.open(lists.get(map))) {
      return reader.readRecords(bytes).stream().map(ProgramSet::found).toList();
    }
  }

  private static Found found(ByteBuffer entry) {
    int tid = entry.getInt();
    int pid = entry.getInt();
    long cgroup = entry.getLong();
    byte[] value = new byte[entry.remaining()];
    entry.get(value);
    return new Found(tid, pid, cgroup, Value.of(value));
  }

  /** What a program has counted for each map, since the set was loaded; of walks the last one. */
  public List<Map<TallyField, Long>> tally(NodePrograms.Counted counted) {
    ByteBuffer tally =
        ByteBuffer.wrap(tallies.lookup(key(counted)).orElseThrow()).order(ByteOrder.nativeOrder());
    List<Map<TallyField, Long>> all = new ArrayList<>();
    for (int map = 0; map < maps.size(); map++) {
      Map<TallyField, Long> counts = new EnumMap<>(TallyField.class);
      for (TallyField field : TallyField.values()) {
        counts.put(field, tally.getLong(field.offset(map)));
      }
      all.add(counts);
    }
    return all;
  }

  private static byte[] key(NodePrograms.Counted counted) {
    return ByteBuffer.allocate(Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt(counted.number())
        .array();
  }

  /** What programs have told since the last call, oldest first. */
  List<Event> events() {
    return events.drain().stream().map(Event::of).toList();
  }

  @Override
  public void close() {
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    open.clear();
  }
}
