package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.Link;
import io.taskstorage.bpf.PinnedProgram;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.ProgramInfo;
import io.taskstorage.bpf.RingBuffer;
import io.taskstorage.layout.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an earlier process has pinned of a set of programs, read without changing it.
 *
 * @param maps the kernel's ids of its maps, in the order of the slots in a row
 * @param rows for each cgroup with a row what it says of each map
 */
public record EarlierSet(List<Integer> maps, Map<Long, List<Optional<Value>>> rows) {
  /** What a pin says that is not there, or not what it ought to be. */
  static final Set<Errno> NOT_SUCH = Set.of(Errno.ENOENT, Errno.EINVAL);

  /** Copies what it is given. */
  public EarlierSet {
    maps = List.copyOf(maps);
    rows = Map.copyOf(rows);
  }

  /**
   * Reads a set.
   *
   * @param folder the set's own, as it was given to {@link ProgramSet#pin}
   * @return empty where it is not there, or not of this form
   * @throws BpfException if the kernel refuses
   */
  public static Optional<EarlierSet> read(Path folder) {
    try (Opened opened = new Opened()) {
      Path tables = folder.resolve(ProgramSet.TABLES);
      PlainMap assignments = table(tables, ProgramMaps.ASSIGNMENTS, opened);
      List<PlainMap> values = new ArrayList<>();
      for (int map = 0; map < assignments.info().valueSize() / (2 * Integer.BYTES); map++) {
        values.add(table(tables, ProgramMaps.values(map), opened));
      }
      Set<Integer> others = new HashSet<>();
      values.forEach(table -> others.add(table.info().id()));
      others.add(assignments.info().id());
      others.add(table(tables, ProgramMaps.TALLIES, opened).info().id());
      others.add(opened.add(RingBuffer.open(tables.resolve(ProgramMaps.EVENTS))).info().id());
      List<Integer> maps =
          opened.add(PinnedProgram.open(newtask(folder))).info().mapIds().stream()
              .filter(id -> !others.contains(id))
              .toList();
      return maps.size() == values.size()
          ? Optional.of(new EarlierSet(maps, rows(assignments, values)))
          : Optional.empty();
    } catch (BpfException e) {
      if (NOT_SUCH.contains(e.errno())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A program that knows every map of its set, in the set's order. */
  private static Path newtask(Path folder) {
    return folder.resolve(ProgramSet.PROGRAMS).resolve("newtask");
  }

  private static PlainMap table(Path tables, String name, Opened opened) {
    return opened.add(PlainMap.open(tables.resolve(name), Access.READ_ONLY));
  }

  private static Map<Long, List<Optional<Value>>> rows(
      PlainMap assignments, List<PlainMap> values) {
    Map<Long, List<Optional<Value>>> rows = new HashMap<>();
    assignments.forEach(
        (key, row) -> {
          List<Optional<Value>> of = new ArrayList<>();
          for (int map = 0; map < values.size(); map++) {
            of.add(value(values.get(map), ordered(row).getInt(Integer.BYTES * map)));
          }
          rows.put(ordered(key).getLong(), of);
        });
    return rows;
  }

  private static Optional<Value> value(PlainMap values, int slot) {
    return slot == 0
        ? Optional.empty()
        : values
            .lookup(
                ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putInt(slot)
                    .array())
            .map(Value::of);
  }

  private static ByteBuffer ordered(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /**
   * The link by which a set's program is attached, where that is what this process would load.
   *
   * @return the caller's to close: while it is open, who removes its pin detaches nothing
   */
  static Optional<Link> link(Program candidate, Path folder) {
    String name = candidate.spec().name();
    try (PinnedProgram program =
        PinnedProgram.open(folder.resolve(ProgramSet.PROGRAMS).resolve(name))) {
      ProgramInfo there = program.info();
      ProgramInfo wanted = candidate.info();
      return there.tag().equals(wanted.tag())
              && there.mapIds().equals(wanted.mapIds())
              && there.attachTypeId() == wanted.attachTypeId()
          ? linkOf(there.id(), folder.resolve(ProgramSet.LINKS).resolve(name))
          : Optional.empty();
    } catch (BpfException e) {
      if (NOT_SUCH.contains(e.errno())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Optional<Link> linkOf(int program, Path pin) {
    Link link = Link.open(pin);
    boolean isOf = false;
    try {
      isOf = link.info().programId() == program;
      return isOf ? Optional.of(link) : Optional.empty();
    } finally {
      if (!isOf) {
        link.close();
      }
    }
  }

  /**
   * Makes programs of a pinned set do nothing from now on. They stay attached for a while after the
   * last pin and descriptor are gone, since the kernel lets go of a pin's link later.
   *
   * @param folder the set's own; nothing happens where there are no tables of this form
   */
  public static void retire(Path folder) {
    try (PlainMap table =
        PlainMap.open(
            folder.resolve(ProgramSet.TABLES).resolve(ProgramMaps.TALLIES), Access.READ_WRITE)) {
      if (table.info().valueSize() % TallyField.BYTES == 0) {
        new Tallies(table, table.info().valueSize() / TallyField.BYTES).retire();
      }
    } catch (BpfException e) {
      if (!NOT_SUCH.contains(e.errno())) {
        throw e;
      }
    }
  }
}
