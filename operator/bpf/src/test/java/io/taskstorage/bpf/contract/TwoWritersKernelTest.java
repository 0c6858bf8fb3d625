package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.Update;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two writers of one task, each with a map of its own: EAGAIN is tried again and never seen. */
@KernelTest(needs = KernelTest.Need.BPFFS)
final class TwoWritersKernelTest {
  private static final int AT_LEAST = 20_000;
  private static final long LIMIT_NANOS = 60_000_000_000L;

  /** What a writer did. */
  private record Done(int updates, long retries) {}

  @Test
  void updatesMeetAndConverge(@BpffsMount Path bpffs, Tasks tasks) throws Exception {
    // Given
    Path pin = bpffs.resolve("m");
    Types types = Types.bytes(8);
    MapSpec spec = MapSpec.taskStorage("contract", 8, types.blob(), types.keyId(), types.valueId());
    try (BpfMap map = BpfMap.create(spec)) {
      map.pin(pin);
    }
    Task task = tasks.process();
    CyclicBarrier start = new CyclicBarrier(2);
    AtomicInteger met = new AtomicInteger();

    // When
    List<Done> done = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Done>> writers = new ArrayList<>();
      for (int i = 1; i <= 2; i++) {
        byte with = (byte) i;
        writers.add(
            threads.submit(
                () -> {
                  start.await();
                  return write(pin, task, with, met);
                }));
      }
      for (Future<Done> writer : writers) {
        done.add(writer.get());
      }
    }

    // Then
    assertThat(done).allSatisfy(d -> assertThat(d.updates()).isGreaterThanOrEqualTo(AT_LEAST));
    assertThat(done.stream().mapToLong(Done::retries).sum()).isPositive();
    try (BpfMap map = BpfMap.open(pin, Access.READ_WRITE);
        Pidfd pidfd = pidfd(task)) {
      assertThat(map.update(pidfd, filled((byte) 9), UpdateMode.ANY))
          .isInstanceOf(Update.Updated.class);
      assertThat(map.lookup(pidfd))
          .isInstanceOfSatisfying(
              Lookup.Present.class, p -> assertThat(p.value()).isEqualTo(filled((byte) 9)));
    }
  }

  /** Updates and deletes, until both writers have done enough and have met. */
  private static Done write(Path pin, Task task, byte with, AtomicInteger met) {
    try (BpfMap map = BpfMap.open(pin, Access.READ_WRITE);
        Pidfd pidfd = pidfd(task)) {
      byte[] value = filled(with);
      long end = System.nanoTime() + LIMIT_NANOS;
      int updates = 0;
      while ((updates < AT_LEAST || met.get() == 0) && System.nanoTime() < end) {
        assertThat(map.update(pidfd, value, UpdateMode.ANY)).isInstanceOf(Update.Updated.class);
        updates++;
        map.delete(pidfd);
        if (map.retries() > 0) {
          met.set(1);
        }
      }
      return new Done(updates, map.retries());
    }
  }

  private static Pidfd pidfd(Task task) {
    PidfdResult result = Pidfd.openProcess(task.pid());
    assertThat(result).isInstanceOf(PidfdResult.Opened.class);
    return ((PidfdResult.Opened) result).pidfd();
  }

  private static byte[] filled(byte with) {
    return new byte[] {with, with, with, with, with, with, with, with};
  }
}
