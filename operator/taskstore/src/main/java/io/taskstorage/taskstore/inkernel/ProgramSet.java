package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.KernelMap;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.ProgramFence;
import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.TracepointLink;
import io.taskstorage.layout.ByteRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  static final String TABLES = "tables";
  static final String PROGRAMS = "programs";
  static final String LINKS = "links";

  /** The folders that {@link #pin} needs below the set's own, links first. */
  public static final List<String> FOLDERS = List.of(LINKS, PROGRAMS, TABLES);

  private final Opened opened = new Opened();
  private final Map<String, KernelMap> byName = new HashMap<>();
  private final SetTables tables;
  private final Rows rows;
  private final List<Program> attached;
  private final List<TracepointLink> links = new ArrayList<>();
  private final Tallies tallies;
  private final Walks walks;
  private @Nullable Listener listener;
  private int epoch = Rows.EPOCH;

  private interface Tables {
    SetTables open(NodePrograms programs, Opened opened);
  }

  private ProgramSet(ProgramSource source, List<SetMap> maps, Tables tables) {
    NodePrograms programs = source.of(maps.stream().map(SetMap::owned).toList());
    try {
      this.tables = tables.open(programs, opened);
      byName.putAll(this.tables.byName());
      for (int i = 0; i < maps.size(); i++) {
        byName.put(ProgramMaps.entries(i), maps.get(i).entries());
      }
      this.tallies = new Tallies(this.tables.tallies(), maps.size());
      ProgramFence fence = opened.add(ProgramFence.create());
      Fences fences = opened.add(new Fences(fence::await));
      this.rows = new Rows(this.tables, load(programs.assign()), fences);
      List<Integer> valueBytes = maps.stream().map(SetMap::valueBytes).toList();
      this.walks = new Walks(programs, valueBytes, tallies, this::load, opened);
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
  public static ProgramSet load(ProgramSource source, List<SetMap> maps) {
    return new ProgramSet(
        source, maps, (programs, opened) -> SetTables.create(maps, programs, opened));
  }

  /**
   * Takes over what an earlier process has pinned, with all rows, where it is what this process
   * would load and attach for these maps: the same instructions, maps, tables and tracepoints.
   *
   * @param source of what this process would load
   * @param folder the set's own, as it was given to {@link #pin}
   * @return empty where anything differs; nothing has changed then
   * @throws BpfException if the kernel refuses a program
   */
  public static Optional<ProgramSet> adopt(ProgramSource source, List<SetMap> maps, Path folder) {
    ProgramSet set;
    try {
      set =
          new ProgramSet(
              source,
              maps,
              (programs, opened) -> SetTables.open(folder.resolve(TABLES), maps, programs, opened));
    } catch (BpfException e) {
      if (EarlierSet.NOT_SUCH.contains(e.errno())) {
        return Optional.empty();
      }
      throw e;
    }
    boolean isAdopted = false;
    try {
      if (set.attached.stream().allMatch(candidate -> set.holdsLink(candidate, folder))) {
        set.findRows();
        isAdopted = true;
        return Optional.of(set);
      }
      return Optional.empty();
    } catch (BpfException e) {
      // A row that leads to no value: another process has changed it while nobody looked.
      if (EarlierSet.NOT_SUCH.contains(e.errno())) {
        return Optional.empty();
      }
      throw e;
    } finally {
      if (!isAdopted) {
        set.close();
      }
    }
  }

  private void findRows() {
    // What the last sweep of the earlier process brought about counts as in force.
    int swept = tallies.epoch(NodePrograms.Counted.SWEEP);
    int newest = rows.find();
    epoch = Math.max(Rows.EPOCH, swept < newest ? newest : swept + Rows.EPOCH);
  }

  private boolean holdsLink(Program candidate, Path folder) {
    return EarlierSet.link(candidate, folder).map(opened::add).isPresent();
  }

  /**
   * From now on tasks that are born or moved have what rows say.
   *
   * @throws BpfException if the kernel refuses a link
   */
  public void attach() {
    attached.forEach(program -> links.add(opened.add(TracepointLink.attach(program))));
  }

  /**
   * Pins tables, programs and links, so that they go on without this process.
   *
   * @param folder the set's own, with {@link #FOLDERS} in it
   * @param pinned told of each pin as soon as it is there
   * @throws BpfException if the kernel refuses a pin
   */
  public void pin(Path folder, Consumer<Path> pinned) {
    tables.pin(folder.resolve(TABLES), pinned);
    for (int i = 0; i < attached.size(); i++) {
      Program program = attached.get(i);
      Path pin = folder.resolve(PROGRAMS).resolve(program.spec().name());
      program.pin(pin);
      pinned.accept(pin);
      pin = folder.resolve(LINKS).resolve(program.spec().name());
      links.get(i).pin(pin);
      pinned.accept(pin);
    }
  }

  /**
   * The paths of all pins that {@link #pin} makes, or made in the process that this set was adopted
   * from.
   */
  public List<Path> pins(Path folder) {
    List<Path> pins = new ArrayList<>();
    tables.byName().keySet().stream()
        .sorted()
        .forEach(name -> pins.add(folder.resolve(TABLES).resolve(name)));
    for (Program program : attached) {
      pins.add(folder.resolve(PROGRAMS).resolve(program.spec().name()));
      pins.add(folder.resolve(LINKS).resolve(program.spec().name()));
    }
    return pins;
  }

  /**
   * Makes again what another process has removed from the tables, or changed in them.
   *
   * @return how many rows, values and programs that were made do nothing
   * @throws BpfException if the kernel refuses
   */
  public int restore() {
    return tallies.restore() + rows.restore();
  }

  /** Its programs do nothing from now on, however long they stay attached. */
  public void retire() {
    tallies.retire();
  }

  private Program load(ProgramSpec spec) {
    return opened.add(Program.load(spec, byName));
  }

  /**
   * From now on tasks that are born in this cgroup, or below it where no row is nearer, have these
   * values; those that are there have them after {@link #sweep}.
   *
   * @param wanted for each map of the set
   * @throws BpfException E2BIG where there is no room for another value or row; nothing has changed
   */
  public void assign(long cgroup, List<RowValue> wanted) {
    rows.put(cgroup, wanted, epoch);
  }

  /** The cgroup has no row of its own any more; the nearest above it decides. */
  public void unassign(long cgroup) {
    rows.remove(cgroup);
  }

  /** The ids of the cgroups that have a row. */
  public Set<Long> cgroups() {
    return rows.cgroups();
  }

  /**
   * Returns when every run of a program that had begun has ended: after another set was detached,
   * nothing of it stores any more.
   */
  public void awaitPrograms() {
    rows.awaitPrograms();
  }

  /** Brings every task in line with the rows; what it did for each map of the set. */
  public List<Map<TallyField, Long>> sweep() {
    return walks.sweep(epoch);
  }

  /** What rows say now counts as in force for later walks; what they led to before becomes free. */
  public void advance() {
    epoch += Rows.EPOCH;
    rows.fenceAhead();
  }

  /** What {@link #sweep} would do. */
  public List<Map<TallyField, Long>> verify() {
    return walks.verify(epoch);
  }

  /** Every task that has an entry in a map of the set. */
  public List<Found> list(int map) {
    return walks.list(map);
  }

  /** What a program has counted for each map, since the set was loaded; of walks the last one. */
  public List<Map<TallyField, Long>> tally(NodePrograms.Counted counted) {
    return tallies.of(counted);
  }

  /**
   * Has {@code told} called, on a thread of its own, whenever programs have told something: a
   * cgroup came or went, a process of several threads has moved, a task could not be brought in
   * line. Once for a set.
   *
   * @throws BpfException if no descriptor is left
   */
  public void listen(Told told) {
    listener = opened.add(Listener.start(tables.events(), told));
  }

  /** Somebody was told of all that programs have told by now, where somebody listens. */
  public void catchUp() {
    if (listener != null) {
      listener.catchUp();
    }
  }

  /** What programs have told since the last call, oldest first; of a set that nobody listens to. */
  List<Event> events() {
    return tables.events().drain().stream().map(Event::of).toList();
  }

  /** Detaches what is not pinned. */
  @Override
  public void close() {
    opened.close();
  }
}
