package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.asm.EveryKind;
import io.taskstorage.bpf.asm.Helper;
import io.taskstorage.bpf.asm.Listing;
import io.taskstorage.bpf.asm.SamplePrograms;
import io.taskstorage.bpf.asm.SamplePrograms.TaskOffsets;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.VerifierText;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Our listings against the verifier's log of the running kernel, line by line. */
@KernelTest
@GuestTest(GuestSuite.PROGRAMS)
class ListingKernelTest {
  static Stream<ProgramSpec> programs() {
    TaskOffsets offsets = ProgramSamples.taskOffsets();
    ProgramType iterator = new ProgramType.Iterator("task", false);
    ProgramType tracepoint = new ProgramType.Tracepoint("task_newtask");
    return Stream.of(
        spec("dump_entries", iterator, SamplePrograms.dumpEntries(offsets, 16)),
        spec("dump_pids", iterator, SamplePrograms.dumpPids(offsets)),
        spec(
            "dump_sleepable",
            new ProgramType.Iterator("task", true),
            SamplePrograms.dumpPids(offsets)),
        spec("inherit", tracepoint, SamplePrograms.inherit()),
        spec("newtask_events", tracepoint, SamplePrograms.newtaskEvents(offsets, 24)),
        spec("write_field", new ProgramType.Syscall(), SamplePrograms.writeField(8)),
        spec("every_kind", new ProgramType.SocketFilter(), EveryKind.code()));
  }

  private static ProgramSpec spec(String name, ProgramType type, Code code) {
    return new ProgramSpec(name, type, "GPL", code);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyLineIsTheKernels(ProgramSpec spec) {
    // Given
    if (Listing.of(spec.code()).contains("bpf_task_from_pid")) {
      ProgramSamples.needTaskFromPid();
    }
    VerifierText ours = VerifierText.of(Listing.of(spec.code()));

    // When
    VerifierText kernels;
    try (BpfMap entries = ProgramSamples.entries();
        PlainMap counts = PlainMap.array("counts", 8, 2);
        RingBuffer events = RingBuffer.create("events", 4096);
        Program program =
            Program.loadWithLog(
                spec, Map.of("entries", entries, "counts", counts, "events", events))) {
      kernels = VerifierText.of(program.log());
    }

    // Then
    assertThat(kernels.named(ours).lines()).isEqualTo(ours.lines());
  }

  @ParameterizedTest
  @EnumSource(Helper.class)
  void theKernelKnowsTheHelperByThisName(Helper helper) {
    // Given
    Code code = new Asm().call(helper).exit().code();
    ProgramSpec spec = spec("helper", new ProgramType.SocketFilter(), code);

    // When: without arguments it is refused, or as one that such programs may not call.
    List<String> log;
    try (Program program = Program.loadWithLog(spec, Map.of())) {
      log = program.log().lines().toList();
    } catch (VerifierException e) {
      log = e.log().lines().toList();
    }

    // Then
    String call = "call " + helper.kernelName() + "#" + helper.number();
    assertThat(log).anyMatch(line -> line.startsWith("0: (85) " + call));
  }
}
