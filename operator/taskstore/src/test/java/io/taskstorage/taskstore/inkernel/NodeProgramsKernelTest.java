package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.KernelMap;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.RingBuffer;
import io.taskstorage.bpf.asm.Listing;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.VerifierText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The verifier of the running kernel takes the programs, for one map and for as many as there may
 * be; and each of their instructions is for it what the listing says.
 */
@KernelTest
@GuestTest(GuestSuite.PROGRAMS)
class NodeProgramsKernelTest {
  private static final boolean HAS_PREEMPT_DISABLE =
      KernelBtf.vmlinux().typeId("bpf_preempt_disable", BtfKind.FUNC).isPresent();

  private final Map<String, KernelMap> tables = new HashMap<>();

  @AfterEach
  void close() {
    tables.values().forEach(KernelMap::close);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16})
  void theVerifierTakesThem(int maps) {
    programs(maps)
        .forEach(
            spec -> {
              // When
              try (Program program = Program.load(spec, tables)) {
                // Then
                assertThat(program.info().name()).isEqualTo(spec.name());
              }
            });
  }

  @Test
  void theVerifierShowsWhatTheirListingsShow() {
    programs(1)
        .forEach(
            spec -> {
              // Given
              VerifierText listing = VerifierText.of(Listing.of(spec.code()));
              // When
              try (Program program = Program.loadWithLog(spec, tables)) {
                // Then
                assertThat(VerifierText.of(program.log()).named(listing).lines())
                    .as(spec.name())
                    .isEqualTo(listing.lines());
              }
            });
  }

  /** All programs of a node, and the tables that they name. */
  private Stream<ProgramSpec> programs(int maps) {
    List<List<ByteRange>> owned = new ArrayList<>();
    for (int i = 0; i < maps; i++) {
      owned.add(List.of(new ByteRange(0, 16), new ByteRange(24, 8)));
      tables.put(ProgramMaps.entries(i), TestMaps.entries("e" + i, 32));
      tables.put(ProgramMaps.values(i), PlainMap.array("v" + i, 32, 8));
    }
    NodePrograms programs = new NodePrograms(KernelOffsets.of(KernelBtf.vmlinux()), owned);
    tables.put(ProgramMaps.ASSIGNMENTS, PlainMap.hash("rows", 8, programs.rowBytes(), 64));
    tables.put(ProgramMaps.TALLIES, PlainMap.array("tallies", programs.tallyBytes(), 6));
    tables.put(ProgramMaps.EVENTS, RingBuffer.create("events", 1 << 16));
    return Stream.of(
        programs.newtask(),
        programs.wakeup(),
        programs.attach(),
        programs.cgroupMade(),
        programs.cgroupRemoved(),
        programs.sweep(HAS_PREEMPT_DISABLE),
        programs.verify(),
        programs.list(0, 32),
        programs.assign());
  }
}
