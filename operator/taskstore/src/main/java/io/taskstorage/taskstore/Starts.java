package io.taskstorage.taskstore;

import io.taskstorage.taskstore.inkernel.NodePrograms;
import io.taskstorage.taskstore.inkernel.ProgramSet;
import io.taskstorage.taskstore.inkernel.TallyField;
import java.util.List;
import java.util.Map;

/**
 * How tasks that started in assigned cgroups came to their values, since the programs were loaded
 * first, also while no agent ran. None of them on planes without programs.
 *
 * @param born given their values at birth
 * @param mended given, before they ran, what birth had missed
 * @param refused that ran without: the kernel refused an entry
 * @param lost what programs could not tell, for their ring of events was full; the sweep that comes
 *     of a full ring finds it all the same
 */
public record Starts(long born, long mended, long refused, long lost) {
  /** None. */
  public static final Starts NONE = new Starts(0, 0, 0, 0);

  /** Programs that tell of something by events. */
  private static final List<NodePrograms.Counted> TELLING =
      List.of(
          NodePrograms.Counted.NEWTASK,
          NodePrograms.Counted.WAKEUP,
          NodePrograms.Counted.ATTACH,
          NodePrograms.Counted.CGROUPS);

  /** As the programs of a set have counted. */
  static Starts of(ProgramSet set) {
    List<Map<TallyField, Long>> births = set.tally(NodePrograms.Counted.NEWTASK);
    List<Map<TallyField, Long>> wakeups = set.tally(NodePrograms.Counted.WAKEUP);
    long mended = first(wakeups, TallyField.RUNS);
    long refused =
        wakeups.stream().mapToLong(map -> map.getOrDefault(TallyField.FAILED, 0L)).max().orElse(0);
    long lost =
        TELLING.stream().mapToLong(program -> first(set.tally(program), TallyField.LOST)).sum();
    return new Starts(first(births, TallyField.RUNS), mended - refused, refused, lost);
  }

  /** Of what is counted once for all maps. */
  private static long first(List<Map<TallyField, Long>> maps, TallyField field) {
    return maps.getFirst().getOrDefault(field, 0L);
  }

  /** Together with others. */
  Starts plus(Starts other) {
    return new Starts(
        born + other.born, mended + other.mended, refused + other.refused, lost + other.lost);
  }
}
