package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.TaskEntries;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.inkernel.EntryWalk;
import io.taskstorage.taskstore.inkernel.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the entries of a map: the kernel cannot list a task storage map (GET_NEXT_KEY is ENOTSUPP),
 * so a program walks over all tasks, or each task there is is asked for.
 */
final class EntryList {
  private EntryList() {}

  /** By a walk, where one is possible. */
  static List<Entry> read(BpfMap entries, Membership membership) {
    return EntryWalk.read(entries)
        .map(found -> of(found, membership))
        .orElseGet(() -> read(entries, membership, Pidfd::openThread));
  }

  /** What a walk has found. */
  static List<Entry> of(List<Found> walked, Membership membership) {
    Map<Long, String> paths =
        membership.cgroups().cgroups().stream()
            .collect(Collectors.toMap(cgroup -> cgroup.id().value(), Cgroup::path));
    return walked.stream()
        .map(
            found ->
                new Entry(
                    found.tid(),
                    found.pid(),
                    ProcFs.comm(found.pid(), found.tid()).orElse(""),
                    paths.getOrDefault(found.cgroup(), ""),
                    found.value()))
        .sorted(Comparator.comparingInt(Entry::tid))
        .toList();
  }

  /** Task by task. */
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
