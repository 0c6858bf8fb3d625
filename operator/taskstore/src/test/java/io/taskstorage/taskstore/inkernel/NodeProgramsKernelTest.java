package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.KernelMap;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.RingBuffer;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The verifier of the running kernel takes the programs, for one map and for as many as there may
 * be.
 */
@KernelTest
@GuestTest(GuestSuite.PROGRAMS)
class NodeProgramsKernelTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16})
  void theVerifierTakesThem(int maps) {
    // Given
    List<List<ByteRange>> owned = new ArrayList<>();
    Map<String, KernelMap> all = new HashMap<>();
    for (int i = 0; i < maps; i++) {
      owned.add(List.of(new ByteRange(0, 16), new ByteRange(24, 8)));
      all.put(ProgramMaps.entries(i), TestMaps.entries("e" + i, 32));
      all.put(ProgramMaps.values(i), PlainMap.array("v" + i, 32, 8));
    }
    NodePrograms programs = new NodePrograms(KernelOffsets.ofThisKernel(), owned);
    all.put(ProgramMaps.ASSIGNMENTS, PlainMap.hash("rows", 8, programs.rowBytes(), 64));
    all.put(ProgramMaps.TALLIES, PlainMap.array("tallies", programs.tallyBytes(), 6));
    all.put(ProgramMaps.EVENTS, RingBuffer.create("events", 1 << 16));
    boolean preemption =
        KernelBtf.vmlinux().typeId("bpf_preempt_disable", BtfKind.FUNC).isPresent();
    try {
      Stream.of(
              programs.newtask(),
              programs.wakeup(),
              programs.attach(),
              programs.cgroupMade(),
              programs.cgroupRemoved(),
              programs.sweep(preemption),
              programs.verify(),
              programs.list(0, 32),
              programs.assign())
          .forEach(spec -> assertLoads(spec, all));
    } finally {
      all.values().forEach(KernelMap::close);
    }
  }

  private static void assertLoads(ProgramSpec spec, Map<String, KernelMap> maps) {
    // When
    try (Program program = Program.load(spec, maps)) {
      // Then
      assertThat(program.info().name()).isEqualTo(spec.name());
    }
  }
}
