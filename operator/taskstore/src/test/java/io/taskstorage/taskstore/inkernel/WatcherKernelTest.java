package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.AluOp.AND;
import static io.taskstorage.bpf.asm.AluOp.RSH;
import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Helper.GET_CURRENT_TASK_BTF;
import static io.taskstorage.bpf.asm.Helper.MAP_LOOKUP_ELEM;
import static io.taskstorage.bpf.asm.Helper.TASK_STORAGE_GET;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R3;
import static io.taskstorage.bpf.asm.Reg.R4;
import static io.taskstorage.bpf.asm.Reg.R6;
import static io.taskstorage.bpf.asm.Reg.R7;
import static io.taskstorage.bpf.asm.Reg.R8;
import static io.taskstorage.bpf.asm.Size.U16;
import static io.taskstorage.bpf.asm.Size.U32;
import static io.taskstorage.bpf.asm.Size.U64;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.ProgramFence;
import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.ProgramType;
import io.taskstorage.bpf.TracepointLink;
import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Size;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A program of a user reads a task's value at each of its system calls, and counts in a field of
 * its own, while the other fields change: it never sees a part of a scalar, and its field stays.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2})
class WatcherKernelTest {
  private static final long LOOKS = 200_000;
  private static final int BYTES = 40;

  /** The field of the program. All other bytes of a value are equal, so halves of scalars are. */
  private static final int HITS = 8;

  private static final List<ByteRange> OWNED = List.of(new ByteRange(0, 8), new ByteRange(16, 24));
  private static final int SEEN = 0;
  private static final int TORN = 8;

  @Test
  void noScalarIsTornAndTheFieldOfAProgramStays(CgroupSandbox sandbox) {
    Cgroup cgroup = sandbox.create("watched");
    try (BpfMap entries = TestMaps.entries("watched", BYTES);
        PlainMap counts = PlainMap.array("watcher", 16, 1);
        ProgramSet set =
            ProgramSet.load(
                ProgramSource.OF_THIS_KERNEL,
                List.of(new ProgramSet.SetMap(entries, BYTES, OWNED)));
        Program watcher = Program.load(watcher(), Map.of("entries", entries, "counts", counts));
        ProgramFence fence = ProgramFence.create();
        Child busy = Command.of("dd", "if=/dev/zero", "of=/dev/null", "bs=1").start();
        Pidfd pidfd = open(busy.pid())) {
      // Given
      set.attach();
      set.assign(cgroup.id(), row(1));
      cgroup.add(busy.pid());
      // When
      long changes = 0;
      try (TracepointLink link = TracepointLink.attach(watcher)) {
        assertThat(link.info().id()).isPositive();
        while (busy.isAlive() && count(counts, SEEN) < LOOKS) {
          set.assign(cgroup.id(), row(1 + ++changes % 250));
          set.sweep();
        }
      }
      fence.await();
      // Then
      assertThat(count(counts, TORN)).as("after %d changes", changes).isZero();
      assertThat(changes).isGreaterThan(100);
      assertThat(entries.lookup(pidfd)).isInstanceOf(Lookup.Present.class);
      ByteBuffer value =
          ByteBuffer.wrap(((Lookup.Present) entries.lookup(pidfd)).value())
              .order(ByteOrder.nativeOrder());
      assertThat(value.getLong(HITS)).isEqualTo(count(counts, SEEN)).isGreaterThanOrEqualTo(LOOKS);
    }
  }

  private static ProgramSpec watcher() {
    Label out = new Label("out");
    Asm asm =
        new Asm()
            .note("entry = bpf_task_storage_get(&entries, bpf_get_current_task_btf(), NULL, 0);")
            .call(GET_CURRENT_TASK_BTF)
            .mov(R2, R0)
            .map(R1, "entries")
            .mov(R3, 0)
            .mov(R4, 0)
            .call(TASK_STORAGE_GET)
            .note("if (!entry) return 0;")
            .jump(R0, EQ, 0, out)
            .mov(R6, R0)
            .note("counts = bpf_map_lookup_elem(&counts, &(u32){0});")
            .store(U32, R10, -4, 0)
            .map(R1, "counts")
            .address(R2, R10, -4)
            .call(MAP_LOOKUP_ELEM)
            .jump(R0, EQ, 0, out)
            .mov(R7, R0)
            .note("counts->seen++; entry->hits++;")
            .mov(R1, 1)
            .atomicAdd(U64, R7, SEEN, R1)
            .atomicAdd(U64, R6, HITS, R1);
    for (int at : List.of(0, 24, 32)) {
      halves(asm, U64, at);
    }
    halves(asm, U32, 16);
    halves(asm, U16, 20);
    halves(asm, U16, 22);
    return new ProgramSpec(
        "watcher",
        new ProgramType.Tracepoint("sys_enter"),
        "GPL",
        asm.bind(out).note("return 0;").mov(R0, 0).exit().code());
  }

  /** Counts a scalar whose halves differ. */
  private static void halves(Asm asm, Size size, int at) {
    int half = 4 * size.bytes();
    Label whole = new Label("whole");
    asm.note("if (entry[%d] is of two versions) counts->torn++;".formatted(at))
        .load(size, R1, R6, at)
        .mov(R2, R1)
        .alu(RSH, R2, half)
        .imm64(R8, (1L << half) - 1)
        .alu(AND, R1, R8)
        .jump(R1, EQ, R2, whole)
        .mov(R1, 1)
        .atomicAdd(U64, R7, TORN, R1)
        .bind(whole);
  }

  private static List<RowValue> row(long version) {
    byte[] bytes = new byte[BYTES];
    Arrays.fill(bytes, (byte) version);
    Arrays.fill(bytes, HITS, HITS + Long.BYTES, (byte) 0);
    return TestMaps.row(List.of(Optional.of(Value.of(bytes))));
  }

  private static long count(PlainMap counts, int offset) {
    return ByteBuffer.wrap(counts.lookup(new byte[Integer.BYTES]).orElseThrow())
        .order(ByteOrder.nativeOrder())
        .getLong(offset);
  }

  private static Pidfd open(int pid) {
    if (Pidfd.openThread(pid) instanceof PidfdResult.Opened(Pidfd pidfd)) {
      return pidfd;
    }
    throw new AssertionError("pidfd open: " + pid);
  }
}
