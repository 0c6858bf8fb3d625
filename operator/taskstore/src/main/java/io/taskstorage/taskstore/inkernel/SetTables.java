package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.KernelMap;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.bpf.RingBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The tables that the programs of a set read and count in.
 *
 * <p>Whoever makes or opens them closes what was added to {@link Opened} by that.
 *
 * @param assignments the rows by cgroup
 * @param values of each map of the set
 */
record SetTables(
    PlainMap assignments, PlainMap tallies, RingBuffer events, List<ValueSlots> values) {
  private static final int ROWS = 8192;
  private static final int RING_BYTES = 1 << 20;
  private static final int TALLIES = NodePrograms.Counted.values().length;

  SetTables {
    values = List.copyOf(values);
  }

  /** New ones, in which there is nothing. */
  static SetTables create(List<ProgramSet.SetMap> maps, NodePrograms programs, Opened opened) {
    return new SetTables(
        opened.add(PlainMap.hash("ts_assignments", 8, programs.rowBytes(), ROWS)),
        opened.add(PlainMap.array("ts_tallies", programs.tallyBytes(), TALLIES)),
        opened.add(RingBuffer.create("ts_events", RING_BYTES)),
        IntStream.range(0, maps.size())
            .mapToObj(
                map ->
                    opened.add(ValueSlots.create("ts_values_" + map, maps.get(map).valueBytes())))
            .toList());
  }

  /**
   * Those of an earlier process.
   *
   * @throws BpfException if one is not there, or not of the form that these maps need
   */
  static SetTables open(
      Path folder, List<ProgramSet.SetMap> maps, NodePrograms programs, Opened opened) {
    return new SetTables(
        opened.add(table(folder.resolve(ProgramMaps.ASSIGNMENTS), programs.rowBytes())),
        opened.add(table(folder.resolve(ProgramMaps.TALLIES), programs.tallyBytes())),
        opened.add(RingBuffer.open(folder.resolve(ProgramMaps.EVENTS))),
        IntStream.range(0, maps.size())
            .mapToObj(
                map ->
                    opened.add(
                        ValueSlots.over(
                            table(
                                folder.resolve(ProgramMaps.values(map)),
                                maps.get(map).valueBytes()))))
            .toList());
  }

  private static PlainMap table(Path pin, int valueBytes) {
    PlainMap table = PlainMap.open(pin, Access.READ_WRITE);
    if (table.info().valueSize() != valueBytes) {
      table.close();
      throw new BpfException(
          "adopt table", pin.toString(), Errno.EINVAL, "it is the table of other maps");
    }
    return table;
  }

  /** Pins them, each told of. */
  void pin(Path folder, Consumer<Path> pinned) {
    Path pin = folder.resolve(ProgramMaps.ASSIGNMENTS);
    assignments.pin(pin);
    pinned.accept(pin);
    pin = folder.resolve(ProgramMaps.TALLIES);
    tallies.pin(pin);
    pinned.accept(pin);
    pin = folder.resolve(ProgramMaps.EVENTS);
    events.pin(pin);
    pinned.accept(pin);
    for (int map = 0; map < values.size(); map++) {
      pin = folder.resolve(ProgramMaps.values(map));
      values.get(map).table().pin(pin);
      pinned.accept(pin);
    }
  }

  /** By the names under which programs know them. */
  Map<String, KernelMap> byName() {
    Map<String, KernelMap> all = new HashMap<>();
    all.put(ProgramMaps.ASSIGNMENTS, assignments);
    all.put(ProgramMaps.TALLIES, tallies);
    all.put(ProgramMaps.EVENTS, events);
    for (int map = 0; map < values.size(); map++) {
      all.put(ProgramMaps.values(map), values.get(map).table());
    }
    return all;
  }
}
