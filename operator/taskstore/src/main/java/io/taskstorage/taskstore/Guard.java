package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.taskstore.inkernel.ProgramSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/**
 * Makes again what another process with root's rights has taken from the programs in force: pins,
 * rows, values. While this process holds its descriptors nobody can detach a program, so a set that
 * has lost pins does its work until another one, with all pins, takes its place.
 */
final class Guard {
  /** Word for what another process has removed or changed. */
  static final String FOREIGN_CHANGE = "ForeignChange";

  private static final String MEND = "find out which process does so, and end it";

  private final ProgramSets sets;

  /**
   * What was made again.
   *
   * @param count how many pins, rows and values
   * @param failures one for each kind, and for what could not be made again
   */
  record Restored(int count, List<TaskFailure> failures) {}

  Guard(ProgramSets sets) {
    this.sets = sets;
  }

  /** Looks at everything once; what could not be made again is looked at again the next time. */
  Restored look() {
    List<TaskFailure> told = new ArrayList<>();
    int count = tried(this::pins, told) + tried(this::rows, told);
    return new Restored(count, told);
  }

  private int pins(List<TaskFailure> told) {
    List<Path> lost = sets.lostPins();
    if (!lost.isEmpty()) {
      told.add(removed(lost));
      sets.renew();
    }
    return lost.size();
  }

  private int rows(List<TaskFailure> told) {
    int rows = sets.current().map(ProgramSet::restore).orElse(0);
    if (rows > 0) {
      told.add(changed(rows));
    }
    return rows;
  }

  private static int tried(ToIntFunction<List<TaskFailure>> look, List<TaskFailure> told) {
    try {
      return look.applyAsInt(told);
    } catch (StoreException e) {
      told.add(failure(e.problem().reason(), e.problem().message()));
    } catch (BpfException e) {
      StoreProblem problem = new StoreProblem.KernelRefused(e);
      told.add(failure(problem.reason(), problem.message()));
    }
    return 0;
  }

  private static TaskFailure removed(List<Path> lost) {
    String more = lost.size() == 1 ? "" : " and %d more".formatted(lost.size() - 1);
    return failure(
        FOREIGN_CHANGE,
        "keep pin %s%s: removed or replaced by another process; other programs, with all pins,"
                .formatted(lost.getFirst(), more)
            + " take the place: "
            + MEND);
  }

  private static TaskFailure changed(int rows) {
    return failure(
        FOREIGN_CHANGE,
        "keep the tables of programs: %d of their rows or values were removed, changed or added by"
                .formatted(rows)
            + " another process, and are as they were again: "
            + MEND);
  }

  private static TaskFailure failure(String reason, String message) {
    return new TaskFailure(Optional.empty(), reason, message, 0, OptionalInt.empty());
  }
}
