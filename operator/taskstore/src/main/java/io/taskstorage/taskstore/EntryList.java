package io.taskstorage.taskstore;

import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.TaskEntries;
import io.taskstorage.layout.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the entries of a map by asking for each task there is: the kernel cannot list a task
 * storage map (GET_NEXT_KEY is ENOTSUPP).
 */
final class EntryList {
  private EntryList() {}

  static List<Entry> read(TaskEntries entries, Membership membership, TaskOpener opener) {
    Map<Integer, String> paths = new HashMap<>();
    for (Cgroup cgroup : membership.cgroups().cgroups()) {
      if (membership.tids(cgroup) instanceof Membership.Tids.Listed listed) {
        listed.tids().forEach(tid -> paths.put(tid, cgroup.path()));
      }
    }
    List<Entry> found = new ArrayList<>();
    for (int pid : ProcFs.pids()) {
      for (int tid : ProcFs.tids(pid)) {
        value(entries, opener, tid)
            .ifPresent(
                value ->
                    found.add(
                        new Entry(
                            tid,
                            pid,
                            ProcFs.comm(pid, tid).orElse(""),
                            paths.getOrDefault(tid, ""),
                            value)));
      }
    }
    found.sort(Comparator.comparingInt(Entry::tid));
    return found;
  }

  private static Optional<Value> value(TaskEntries entries, TaskOpener opener, int tid) {
    return switch (opener.open(tid)) {
      case PidfdResult.Opened(Pidfd task) -> {
        try (task) {
          yield entries.lookup(task) instanceof Lookup.Present(byte[] bytes)
              ? Optional.of(Value.of(bytes))
              : Optional.empty();
        }
      }
      case PidfdResult.Gone(), PidfdResult.ThreadUnsupported() -> Optional.empty();
      case PidfdResult.Refused(var cause) ->
          throw new StoreException(new StoreProblem.KernelRefused(cause));
    };
  }
}
