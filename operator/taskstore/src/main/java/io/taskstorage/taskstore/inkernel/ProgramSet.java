package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.IterLink;
import io.taskstorage.bpf.IterReader;
import io.taskstorage.bpf.KernelMap;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.RingBuffer;
import io.taskstorage.bpf.TaskFilter;
import io.taskstorage.bpf.TracepointLink;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.layout.ByteRange;
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

/**
 * The programs of a set of maps, loaded and attached, with the tables that they read. Closing it
 * detaches them; entries stay with their tasks. Confined to the thread that loaded it.
 */
final class ProgramSet implements AutoCloseable {

  /**
   * A map of the set.
   *
   * @param entries stays the caller's to close
   * @param owned what policies own in a value
   */
  record SetMap(BpfMap entries, int valueBytes, List<ByteRange> owned) {}

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
  private final IterLink sweep;

  private ProgramSet(List<SetMap> maps) {
    this.maps = List.copyOf(maps);
    NodePrograms programs =
        new NodePrograms(KernelOffsets.ofThisKernel(), maps.stream().map(SetMap::owned).toList());
    try {
      this.assignments =
          table(
              ProgramMaps.ASSIGNMENTS,
              PlainMap.hash("ts_assignments", 8, programs.rowBytes(), ROWS));
      this.tallies =
          table(
              ProgramMaps.TALLIES,
              PlainMap.array("ts_tallies", TallyField.BYTES, NodePrograms.Counted.values().length));
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
      for (ProgramSpec spec :
          List.of(
              programs.newtask(),
              programs.attach(),
              programs.cgroupMade(),
              programs.cgroupRemoved())) {
        opened(TracepointLink.attach(load(spec)));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Loads and attaches the programs; from then on new tasks have what rows say, of which there are
   * none.
   *
   * @throws BpfException if the kernel refuses a table, a program or a link
   */
  static ProgramSet load(List<SetMap> maps) {
    return new ProgramSet(maps);
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
   * @param wanted for each map of the set the value's bytes, empty for no entry
   * @throws BpfException E2BIG where there is no room for another value or row
   */
  void assign(long cgroup, List<Optional<byte[]>> wanted) {
    ByteBuffer context =
        ByteBuffer.allocate(8 + Integer.BYTES * maps.size()).order(ByteOrder.nativeOrder());
    context.putLong(cgroup);
    for (int i = 0; i < maps.size(); i++) {
      context.putInt(wanted.get(i).map(values.get(i)::slotOf).orElse(0));
    }
    if (assign.run(context.array()).value() != 0) {
      byte[] all = context.array();
      assignments.put(Arrays.copyOf(all, 8), Arrays.copyOfRange(all, 8, all.length));
    }
  }

  /** Brings every task in line with the rows; what it did. */
  Map<TallyField, Long> sweep() {
    Map<TallyField, Long> before = tally(NodePrograms.Counted.SWEEP);
    try (IterReader reader = IterReader.open(sweep)) {
      reader.readAll();
    }
    Map<TallyField, Long> done = tally(NodePrograms.Counted.SWEEP);
    done.replaceAll((field, now) -> now - before.getOrDefault(field, 0L));
    return done;
  }

  /** What a program has counted since the set was loaded. */
  Map<TallyField, Long> tally(NodePrograms.Counted counted) {
    byte[] key =
        ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(counted.number()).array();
    ByteBuffer tally =
        ByteBuffer.wrap(tallies.lookup(key).orElseThrow()).order(ByteOrder.nativeOrder());
    Map<TallyField, Long> counts = new EnumMap<>(TallyField.class);
    for (TallyField field : TallyField.values()) {
      counts.put(field, tally.getLong(field.offset()));
    }
    return counts;
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
