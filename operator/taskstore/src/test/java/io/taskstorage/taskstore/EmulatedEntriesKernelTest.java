package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.TaskEntries;
import io.taskstorage.bpf.Update;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The emulation against the kernel's own map, call by call. */
@KernelTest
class EmulatedEntriesKernelTest {
  private static final int SEQUENCES = Integer.getInteger("random.sequences", 10_000);
  private static final int SEQUENCES_PER_POOL = 50;
  private static final long FIRST_SEED = Long.getLong("random.seed", 20260);

  @Test
  void randomSequencesAnswerTheSameOnBoth() {
    // Given
    int done = 0;
    // When
    for (long seed = FIRST_SEED; done < SEQUENCES; seed++) {
      int sequences = Math.min(SEQUENCES_PER_POOL, SEQUENCES - done);
      runPool(seed, sequences);
      done += sequences;
    }
    // Then: no call differed.
    assertThat(done).isEqualTo(SEQUENCES);
  }

  @Test
  void afterAnExecByAThreadTheKernelKeepsItsEntryAndTheEmulationTheLeaders(Tasks tasks) {
    // Given
    Task leader = tasks.process();
    Task thread = leader.thread();
    try (BpfMap kernel = kernelMap();
        EmulatedEntries emulated = new EmulatedEntries("twin", TwinSequence.VALUE_BYTES)) {
      byte[] ofLeader = new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
      byte[] ofThread = new byte[] {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
      for (TaskEntries entries : List.<TaskEntries>of(kernel, emulated)) {
        set(entries, leader, ofLeader);
        set(entries, thread, ofThread);
      }
      // When
      leader.execFromThread(thread);
      // Then: the one known difference.
      assertThat(get(kernel, leader)).isEqualTo(ofThread);
      assertThat(get(emulated, leader)).isEqualTo(ofLeader);
    }
  }

  private static void runPool(long seed, int sequences) {
    SplittableRandom random = new SplittableRandom(seed);
    try (Tasks tasks = Tasks.start();
        TaskPool pool = new TaskPool(tasks)) {
      for (int i = 0; i < sequences; i++) {
        try (BpfMap kernel = kernelMap();
            EmulatedEntries emulated = new EmulatedEntries("twin", TwinSequence.VALUE_BYTES)) {
          TwinSequence sequence =
              new TwinSequence(pool, random, random.nextInt(1, 51), kernel, emulated);
          int operations = random.nextInt(20, 201);
          try {
            sequence.run(operations);
          } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                "sequence %d of -Drandom.seed=%d: %s after:%n%s"
                    .formatted(i, seed, e.getMessage(), String.join("\n", sequence.log())),
                e);
          }
        }
      }
    }
  }

  private static BpfMap kernelMap() {
    StructLayout layout =
        StructLayout.of(
            "twin", List.of(Field.array("v", ScalarType.U32, TwinSequence.VALUE_BYTES / 4)));
    LayoutBtf btf = LayoutBtf.of(layout);
    return BpfMap.create(
        MapSpec.taskStorage(
            "twin", layout.sizeBytes(), btf.blob(), btf.keyTypeId(), btf.valueTypeId()));
  }

  private static void set(TaskEntries entries, Task task, byte[] value) {
    try (Pidfd pidfd = open(task)) {
      assertThat(entries.update(pidfd, value, UpdateMode.ANY)).isEqualTo(new Update.Updated());
    }
  }

  private static byte[] get(TaskEntries entries, Task task) {
    try (Pidfd pidfd = open(task)) {
      return entries.lookup(pidfd) instanceof Lookup.Present(byte[] value) ? value : new byte[0];
    }
  }

  private static Pidfd open(Task task) {
    if (Pidfd.openThread(task.tid()) instanceof PidfdResult.Opened(Pidfd pidfd)) {
      return pidfd;
    }
    throw new AssertionError("pidfd open: " + task);
  }
}
