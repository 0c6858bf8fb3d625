package io.taskstorage.agent.doctor;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Capabilities;
import io.taskstorage.bpf.Probe;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.console.Check;
import io.taskstorage.console.Check.Need;
import io.taskstorage.console.Finding;
import io.taskstorage.taskstore.TaskStores;
import java.util.List;
import java.util.OptionalInt;

/** What the kernel lets this process do. */
final class KernelChecks {
  /** BPF_LOCAL_STORAGE_CACHE_SIZE: so many task storage maps are found without a search. */
  private static final int CACHED_MAPS = 16;

  /** What every kernel with task storage takes, those from 6.19 on included. */
  private static final int PORTABLE_VALUE_BYTES = 8120;

  private final Probe probe;

  KernelChecks(Probe probe) {
    this.probe = probe;
  }

  Check taskStorage() {
    return new Check(
        "task storage",
        Need.REQUIRED,
        finding(probe.taskStorage(), "a map was made, and an entry created, read and deleted"));
  }

  Check threads() {
    return new Check(
        "threads", Need.USEFUL, finding(probe.threadPidfd(), "each can be opened (PIDFD_THREAD)"));
  }

  Check capabilities() {
    return new Check("capabilities", Need.USEFUL, ofCapabilities(probe.capabilities()));
  }

  /** CAP_PERFMON is for the plane in the kernel alone. */
  static Finding ofCapabilities(Capabilities held) {
    List<String> missing = held.missing(List.of(Capabilities.CAP_BPF, Capabilities.CAP_PERFMON));
    String all = String.join(" and ", missing);
    return missing.isEmpty()
        ? new Finding.Yes(String.join(", ", held.names()))
        : new Finding.No(
            all + (missing.size() == 1 ? " is missing" : " are missing"),
            "run as root, or grant " + all);
  }

  Check largestValue() {
    Finding finding;
    try {
      int bytes = probe.largestValueBytes();
      finding =
          bytes >= PORTABLE_VALUE_BYTES
              ? new Finding.Yes(bytes + " bytes")
              : new Finding.No(
                  bytes + " bytes",
                  bytes == 0 ? "see task storage above" : "declare smaller structs");
    } catch (BpfException e) {
      finding = new Finding.Unknown(String.valueOf(e.getMessage()));
    }
    return new Check("largest value", Need.USEFUL, finding);
  }

  Check kernelTypes() {
    return new Check(
        "kernel BTF",
        Need.USEFUL,
        finding(probe.vmlinuxBtf(), "the kernel tells its own types (vmlinux)"));
  }

  Check tracingPrograms() {
    return new Check(
        "tracing programs",
        Need.USEFUL,
        finding(probe.tracingPrograms(), "on tracepoints and iterators they can be loaded"));
  }

  Check firstAct() {
    return new Check(
        "first act",
        Need.USEFUL,
        finding(TaskStores.firstAct(), "a new thread had its value before it ran"));
  }

  /**
   * How many maps share the fast path of lookups.
   *
   * @param pinned what can be counted where the kernel does not list the maps of others
   */
  Check mapsOnNode(PinnedMaps pinned) {
    Finding finding;
    try {
      OptionalInt count = probe.taskStorageMaps();
      finding = count.isPresent() ? ofMaps(count.getAsInt()) : ofPins(pinned);
    } catch (BpfException e) {
      finding = new Finding.Unknown(String.valueOf(e.getMessage()));
    }
    return new Check("maps on the node", Need.USEFUL, finding);
  }

  /** Those that are not pinned are not seen: too many are known, few enough never are. */
  static Finding ofPins(PinnedMaps pinned) {
    return pinned.maps() > CACHED_MAPS
        ? ofMaps(pinned.maps())
        : new Finding.Unknown(
            "%d of task storage are pinned; listing others needs CAP_SYS_ADMIN: run doctor as root to count them"
                .formatted(pinned.maps()));
  }

  static Finding ofMaps(int count) {
    String found =
        count + " of task storage, whoever made them; " + CACHED_MAPS + " are found fast";
    return count <= CACHED_MAPS
        ? new Finding.Yes(found)
        : new Finding.No(
            found + ", beyond that every program's lookup gets slower",
            "declare one map with many fields in place of many maps");
  }

  static Finding finding(ProbeResult result, String detail) {
    return switch (result) {
      case ProbeResult.Yes() -> new Finding.Yes(detail);
      case ProbeResult.No(String reason, String mend) -> new Finding.No(reason, mend);
      case ProbeResult.Unknown(BpfException cause) ->
          new Finding.Unknown(String.valueOf(cause.getMessage()));
    };
  }
}
