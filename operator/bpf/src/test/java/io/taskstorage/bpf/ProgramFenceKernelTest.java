package io.taskstorage.bpf;

import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Cond.NE;
import static io.taskstorage.bpf.asm.Helper.MAP_LOOKUP_ELEM;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R6;
import static io.taskstorage.bpf.asm.Size.U32;
import static io.taskstorage.bpf.asm.Size.U64;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Waiting for programs: each run of this one says when it begins and, long after, when it ends. */
@KernelTest
@GuestTest(GuestSuite.PROGRAMS)
class ProgramFenceKernelTest {
  private static final int TURNS = 100_000;
  private static final int WAITS = 50;
  private static final int ENDED = 8;

  @Test
  void everyRunThatHadBegunHasEnded(Tasks tasks) throws InterruptedException {
    try (PlainMap counts = PlainMap.array("counts", 16, 1);
        Program program =
            Program.load(
                new ProgramSpec("slow", new ProgramType.Tracepoint("task_newtask"), "GPL", slow()),
                Map.of("counts", counts));
        TracepointLink _ = TracepointLink.attach(program);
        ProgramFence fence = ProgramFence.create()) {
      Task parent = tasks.process();
      AtomicBoolean isOver = new AtomicBoolean();
      Thread births =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!isOver.get()) {
                      Task child = parent.fork();
                      child.exit();
                      child.reap();
                    }
                  });
      try {
        for (int i = 0; i < WAITS; i++) {
          // When
          long begun = count(counts, 0);
          fence.await();
          // Then
          assertThat(count(counts, ENDED)).isGreaterThanOrEqualTo(begun);
        }
        assertThat(count(counts, 0)).as("runs at all").isPositive();
      } finally {
        isOver.set(true);
        births.join();
      }
    }
  }

  private static Code slow() {
    Label out = new Label("out");
    Label again = new Label("again");
    return new Asm()
        .note("counts = bpf_map_lookup_elem(&counts, &(u32){0});")
        .store(U32, R10, -4, 0)
        .map(R1, "counts")
        .address(R2, R10, -4)
        .call(MAP_LOOKUP_ELEM)
        .note("if (!counts) return 0;")
        .jump(R0, EQ, 0, out)
        .note("counts->begun++;")
        .mov(R1, 1)
        .atomicAdd(U64, R0, 0, R1)
        .note("for (turns = TURNS; turns; turns--);")
        .mov(R6, TURNS)
        .bind(again)
        .add(R6, -1)
        .jump(R6, NE, 0, again)
        .note("counts->ended++;")
        .mov(R1, 1)
        .atomicAdd(U64, R0, ENDED, R1)
        .bind(out)
        .note("return 0;")
        .mov(R0, 0)
        .exit()
        .code();
  }

  private static long count(PlainMap counts, int offset) {
    return ByteBuffer.wrap(counts.lookup(new byte[4]).orElseThrow())
        .order(ByteOrder.nativeOrder())
        .getLong(offset);
  }
}
