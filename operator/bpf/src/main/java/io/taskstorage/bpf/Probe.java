package io.taskstorage.bpf;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.asm.Reg;
import io.taskstorage.bpf.btf.BtfException;
import io.taskstorage.bpf.btf.BtfWriter;
import io.taskstorage.bpf.btf.KernelBtf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the running kernel lets this process do, found out by doing it: a version number says
 * neither what a distribution added nor what a security module takes away.
 *
 * <p>An answer is remembered, {@link ProbeResult.Unknown} never. What is made for a probe is gone
 * when it returns; the only task that ever gets an entry is this process' own leader, in a map that
 * nobody else can see.
 *
 * <p>RLIMIT_MEMLOCK is not probed: since Linux 5.11, which is the first with task storage, maps do
 * not count for it.
 *
 * <p>Confined to one thread.
 */
public final class Probe {
  private static final String NAME = "probe";
  private static final Path OWN_THREADS = Path.of("/proc/self/task");

  private final Map<String, ProbeResult> known = new HashMap<>();

  /** Knows nothing yet. */
  public Probe() {}

  /** Whether a task storage map can be made, and an entry in it created, read and deleted. */
  public ProbeResult taskStorage() {
    return once("taskStorage", () -> withoutRefusal(Probe::tryTaskStorage));
  }

  /** Whether single threads can be opened (PIDFD_THREAD). */
  public ProbeResult threadPidfd() {
    return once("threadPidfd", Probe::tryThread);
  }

  /** Whether the kernel tells its own types. */
  public ProbeResult vmlinuxBtf() {
    return once("vmlinuxBtf", () -> withoutRefusal(Probe::tryVmlinux));
  }

  /** Whether programs on tracepoints and iterators can be loaded; none is attached. */
  public ProbeResult tracingPrograms() {
    return once("tracingPrograms", () -> withoutRefusal(Probe::tryTracing));
  }

  /** Whether a bpffs is mounted; {@link Bpffs#mountPoint} says where. */
  public ProbeResult bpffs() {
    return Bpffs.mountPoint().isPresent()
        ? new ProbeResult.Yes()
        : new ProbeResult.No("no bpffs is mounted", "mount -t bpf bpf /sys/fs/bpf");
  }

  /** Whether a cgroup2 hierarchy is mounted; {@link #cgroup2Root} says where. */
  public ProbeResult cgroup2() {
    return cgroup2Root().isPresent()
        ? new ProbeResult.Yes()
        : new ProbeResult.No(
            "no cgroup2 hierarchy is mounted", "mount -t cgroup2 cgroup2 /sys/fs/cgroup");
  }

  /** The mount point of the cgroup2 hierarchy; the first if there are several. */
  public static Optional<Path> cgroup2Root() {
    return MountTable.mountPoints("cgroup2").stream().findFirst();
  }

  /** The capabilities of the calling thread. */
  public Capabilities capabilities() {
    return Capabilities.current();
  }

  /**
   * The largest value that an entry can have here, in bytes, found by creating entries. A map with
   * larger values can be made, but from Linux 6.19 on takes no entry.
   *
   * @return 0 where there is no task storage
   * @throws BpfException where the kernel refuses for other reasons than the size
   */
  public int largestValueBytes() {
    if (!(taskStorage() instanceof ProbeResult.Yes)) {
      return 0;
    }
    int fits = 1;
    int tooLarge = MapSpec.LARGEST_VALUE_BYTES + 1;
    for (int size = MapSpec.LARGEST_VALUE_BYTES; fits + 1 < tooLarge; ) {
      if (fits(size)) {
        fits = size;
      } else {
        tooLarge = size;
      }
      size = (fits + tooLarge) >>> 1;
    }
    return fits;
  }

  /**
   * How many task storage maps the kernel has, whoever made them. Each task has room to find 16 of
   * them fast.
   *
   * @return empty without CAP_SYS_ADMIN, which listing maps needs
   */
  public OptionalInt taskStorageMaps() {
    return MapList.taskStorageMaps();
  }

  /** Asks again only while the answer is unknown. */
  ProbeResult once(String what, Supplier<ProbeResult> attempt) {
    ProbeResult before = known.get(what);
    if (before != null) {
      return before;
    }
    ProbeResult result = attempt.get();
    if (!(result instanceof ProbeResult.Unknown)) {
      known.put(what, result);
    }
    return result;
  }

  /**
   * The result of an attempt. What it is refused for lack of something, that may be there in a
   * moment: is unknown; everything else stays as it is.
   */
  public static ProbeResult withoutRefusal(Supplier<ProbeResult> attempt) {
    try {
      return attempt.get();
    } catch (BpfException e) {
      return switch (e.errno().number()) {
        case 4, 11, 12, 16, 23, 24 -> new ProbeResult.Unknown(e);
        default ->
            new ProbeResult.No(
                e.operation() + " " + e.object() + ": " + e.errno(),
                e.hint().orElse("use another kernel"));
      };
    }
  }

  private static ProbeResult tryTaskStorage() {
    BpfMap made;
    try {
      made = BpfMap.create(spec(Long.BYTES));
    } catch (BpfException e) {
      return withoutType(e);
    }
    try (BpfMap map = made;
        Pidfd self = Pidfd.ofThisProcess()) {
      byte[] value = {1, 2, 3, 4, 5, 6, 7, 8};
      Update created = map.update(self, value, UpdateMode.NOEXIST);
      boolean same =
          map.lookup(self) instanceof Lookup.Present(byte[] found) && Arrays.equals(found, value);
      Delete deleted = map.delete(self);
      return created instanceof Update.Updated && same && deleted instanceof Delete.Deleted
          ? new ProbeResult.Yes()
          : new ProbeResult.No(
              "an entry was created, read or deleted without effect: " + created + ", " + deleted,
              "use another kernel");
    }
  }

  /** Nothing is wrong with the map that was asked for: so EINVAL is for its type. */
  static ProbeResult withoutType(BpfException refusal) {
    if (refusal.errno().equals(Errno.EINVAL)) {
      return new ProbeResult.No("the kernel has no task storage", "use Linux 5.11 or newer");
    }
    throw refusal;
  }

  private static boolean fits(int valueSize) {
    try (BpfMap map = BpfMap.create(spec(valueSize));
        Pidfd self = Pidfd.ofThisProcess()) {
      return map.update(self, new byte[valueSize], UpdateMode.ANY) instanceof Update.Updated;
    } catch (BpfException e) {
      if (e.errno().equals(Errno.ENOMEM) || e.errno().equals(Errno.E2BIG)) {
        return false;
      }
      throw e;
    }
  }

  private static MapSpec spec(int valueSize) {
    BtfWriter btf = new BtfWriter();
    int key = btf.integer("int", Integer.BYTES, BtfWriter.Encoding.SIGNED);
    int element = btf.integer("char", 1, BtfWriter.Encoding.SIGNED);
    int value = btf.array(element, key, valueSize);
    int struct = btf.struct(NAME, valueSize, List.of(new BtfWriter.Member("bytes", value, 0)));
    return MapSpec.taskStorage(NAME, valueSize, btf.toBlob(), key, struct);
  }

  /** Every virtual machine has threads that do not lead it. */
  private static ProbeResult tryThread() {
    for (int tid : otherThreads()) {
      switch (Pidfd.openThread(tid)) {
        case PidfdResult.Opened(Pidfd pidfd) -> {
          pidfd.close();
          return new ProbeResult.Yes();
        }
        case PidfdResult.ThreadUnsupported() -> {
          return new ProbeResult.No(
              "the kernel cannot open single threads",
              "use Linux 6.9 or newer; until then only the leaders of processes are reached");
        }
        case PidfdResult.Refused(BpfException cause) -> {
          return new ProbeResult.Unknown(cause);
        }
        case PidfdResult.Gone() -> {}
      }
    }
    return new ProbeResult.Unknown(
        new BpfException("pidfd open", "thread of this process", Errno.ESRCH, null));
  }

  private static List<Integer> otherThreads() {
    long pid = ProcessHandle.current().pid();
    try (Stream<Path> threads = Files.list(OWN_THREADS)) {
      return threads
          .map(thread -> Integer.valueOf(thread.getFileName().toString()))
          .filter(tid -> tid != pid)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("probe " + OWN_THREADS + ": " + e.getMessage(), e);
    }
  }

  private static ProbeResult tryVmlinux() {
    try {
      return KernelBtf.vmlinux().memberOffset("task_struct", "pid").isPresent()
          ? new ProbeResult.Yes()
          : new ProbeResult.No("the kernel's BTF has no task_struct", "use another kernel");
    } catch (BtfException e) {
      return new ProbeResult.No(String.valueOf(e.getMessage()), "use another kernel");
    }
  }

  private static ProbeResult tryTracing() {
    Code nothing = new Asm().mov(Reg.R0, 0).exit().code();
    List<ProgramType> types =
        List.of(
            new ProgramType.Iterator("task", false), new ProgramType.Tracepoint("task_newtask"));
    for (ProgramType type : types) {
      try {
        Program.load(new ProgramSpec(NAME, type, "GPL", nothing), Map.of()).close();
      } catch (VerifierException e) {
        return new ProbeResult.No(String.valueOf(e.getMessage()), "use another kernel");
      }
    }
    return new ProbeResult.Yes();
  }
}
