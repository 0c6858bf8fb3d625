package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.IterLink;
import io.taskstorage.bpf.IterReader;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.TaskFilter;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The walks of a set over all tasks there are. Confined to the thread that made it. */
final class Walks {
  private final List<Integer> valueBytes;
  private final Tallies tallies;
  private final IterLink sweep;
  private final IterLink verify;
  private final List<IterLink> lists = new ArrayList<>();

  /**
   * Loads the programs of the walks.
   *
   * @param valueBytes of each map
   * @param load loads a program that {@code opened} closes
   */
  Walks(
      NodePrograms programs,
      List<Integer> valueBytes,
      Tallies tallies,
      Function<ProgramSpec, Program> load,
      Opened opened) {
    this.valueBytes = List.copyOf(valueBytes);
    this.tallies = tallies;
    boolean preemption =
        KernelBtf.vmlinux().typeId("bpf_preempt_disable", BtfKind.FUNC).isPresent();
    this.sweep = overAll(load.apply(programs.sweep(preemption)), opened);
    this.verify = overAll(load.apply(programs.verify()), opened);
    for (int map = 0; map < valueBytes.size(); map++) {
      lists.add(overAll(load.apply(programs.list(map, valueBytes.get(map))), opened));
    }
  }

  private static IterLink overAll(Program program, Opened opened) {
    return opened.add(IterLink.create(program, new TaskFilter.AllTasks()));
  }

  /** Brings every task in line with the rows; what it did for each map of the set. */
  List<Map<TallyField, Long>> sweep(int epoch) {
    return run(sweep, NodePrograms.Counted.SWEEP, epoch);
  }

  /** What {@link #sweep} would do. */
  List<Map<TallyField, Long>> verify(int epoch) {
    return run(verify, NodePrograms.Counted.VERIFY, epoch);
  }

  private List<Map<TallyField, Long>> run(IterLink link, NodePrograms.Counted walk, int epoch) {
    tallies.begin(walk, epoch);
    try (IterReader reader = IterReader.open(link)) {
      reader.readAll();
    }
    return tallies.of(walk);
  }

  /** Every task that has an entry in a map of the set. */
  List<Found> list(int map) {
    return EntryWalk.read(lists.get(map), valueBytes.get(map));
  }
}
