package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.IterLink;
import io.taskstorage.bpf.IterReader;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.TaskFilter;
import io.taskstorage.bpf.VerifierException;
import io.taskstorage.layout.ByteRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lists the entries of any map by one walk of the kernel over all tasks: many times faster than a
 * question for each task, and no birth is refused its entry meanwhile.
 */
public final class EntryWalk {
  /** What an iterator can give of one task: eight pages of the smallest kind (bpf_iter.c). */
  private static final int MOST_BYTES = 32 << 10;

  /** PROC_PID_INIT_INO of include/linux/proc_ns.h. */
  private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

  private EntryWalk() {}

  /** Whether entries of a map can be told by a walk at all. */
  public static boolean isFor(int valueBytes) {
    return NodePrograms.RECORD_BYTES + valueBytes <= MOST_BYTES;
  }

  /**
   * Every task that has an entry.
   *
   * @return empty where that cannot be told here: without the right to trace, on a kernel that
   *     refuses, in another pid namespace than the kernel's first, for values that are too large
   */
  public static Optional<List<Found>> read(BpfMap entries) {
    int valueBytes = entries.info().valueSize();
    if (!isFor(valueBytes) || !isInFirstPidNamespace()) {
      return Optional.empty();
    }
    try {
      List<ByteRange> all = List.of(new ByteRange(0, valueBytes));
      NodePrograms programs = ProgramSource.OF_THIS_KERNEL.of(List.of(all));
      try (Program list =
              Program.load(programs.list(0, valueBytes), Map.of(ProgramMaps.entries(0), entries));
          IterLink link = IterLink.create(list, new TaskFilter.AllTasks())) {
        return Optional.of(read(link, valueBytes));
      }
    } catch (BpfException | VerifierException e) {
      return Optional.empty();
    }
  }

  static List<Found> read(IterLink list, int valueBytes) {
    try (IterReader reader = IterReader.open(list)) {
      return reader.readRecords(NodePrograms.RECORD_BYTES + valueBytes).stream()
          .map(Found::of)
          .toList();
    }
  }

  /** Numbers of tasks are those of the first one, whoever reads. */
  private static boolean isInFirstPidNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
          .toString()
          .equals(FIRST_PID_NAMESPACE);
    } catch (IOException e) {
      return false;
    }
  }
}
