package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.Probe;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.bpf.VerifierException;
import io.taskstorage.bpf.btf.BtfWriter;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Value;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Finds out whether the promise holds here, by making it to a thread of this process: the programs
 * are attached for a moment, with a map that nobody else can see and a row for this process's own
 * cgroup. Tasks that start in that cgroup meanwhile have an entry in that map as long as it lives.
 */
public final class FirstAct {
  private static final String NAME = "first_act";
  private static final int BYTES = Long.BYTES;
  private static final byte[] OF_LEADER = {1, 0, 0, 0, 0, 0, 0, 0};
  private static final Value OF_THREAD = Value.of(new byte[] {2, 0, 0, 0, 0, 0, 0, 0});

  private FirstAct() {}

  /** Tries. Nothing is left of it when it returns. */
  public static ProbeResult probe() {
    try {
      return Probe.withoutRefusal(FirstAct::attempt);
    } catch (VerifierException e) {
      return new ProbeResult.No(
          String.valueOf(e.getMessage()), "use the plane rescan, and report the kernel");
    }
  }

  private static ProbeResult attempt() {
    ProgramSet.SetMap map;
    try (BpfMap entries = BpfMap.create(spec());
        Pidfd self = Pidfd.ofThisProcess()) {
      map = new ProgramSet.SetMap(entries, BYTES, List.of(new ByteRange(0, BYTES)));
      try (ProgramSet set = ProgramSet.load(ProgramSource.OF_THIS_KERNEL, List.of(map))) {
        entries.update(self, OF_LEADER, UpdateMode.ANY);
        Optional<Found> leader = set.list(0).stream().findFirst();
        if (leader.isEmpty()) {
          return refused("a walk over all tasks did not find the entry of this process");
        }
        set.attach();
        set.assign(leader.get().cgroup(), List.of(new RowValue(Optional.of(OF_THREAD), false)));
        return isFoundByThread(set)
            ? new ProbeResult.Yes()
            : refused("a new thread did not have the value of its cgroup");
      }
    }
  }

  private static ProbeResult refused(String why) {
    return new ProbeResult.No(why, "use the plane rescan, and report the kernel");
  }

  private static boolean isFoundByThread(ProgramSet set) {
    CountDownLatch looked = new CountDownLatch(1);
    Thread thread = Thread.ofPlatform().daemon().name("first-act").start(() -> await(looked));
    try {
      return set.list(0).stream().anyMatch(found -> found.value().equals(OF_THREAD));
    } finally {
      looked.countDown();
      join(thread);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      // Only whoever waits for the thread knows it, and does not interrupt it.
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static MapSpec spec() {
    BtfWriter btf = new BtfWriter();
    int key = btf.integer("int", Integer.BYTES, BtfWriter.Encoding.SIGNED);
    int word = btf.integer("unsigned long long", BYTES, BtfWriter.Encoding.UNSIGNED);
    int struct = btf.struct(NAME, BYTES, List.of(new BtfWriter.Member("word", word, 0)));
    return MapSpec.taskStorage(NAME, BYTES, btf.toBlob(), key, struct);
  }
}
