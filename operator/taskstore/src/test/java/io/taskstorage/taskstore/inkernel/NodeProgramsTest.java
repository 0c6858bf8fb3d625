package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.asm.Listing;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.testkit.GoldenCases;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The programs for two maps at made-up offsets, as the verifier would print them. */
class NodeProgramsTest {
  private static final List<List<ByteRange>> OWNED =
      List.of(
          // 3 bytes at the end of a word, 6 words, and 5 bytes after a program's own word.
          List.of(new ByteRange(5, 51), new ByteRange(64, 5)), List.of(new ByteRange(0, 16)));

  private static final KernelOffsets OFFSETS = offsets(121);
  private static final NodePrograms PROGRAMS = new NodePrograms(OFFSETS, OWNED);

  /** Of a kernel before 6.2. */
  private static final NodePrograms WITHOUT_CAST = new NodePrograms(offsets(0), OWNED);

  private static KernelOffsets offsets(int castableTask) {
    return new KernelOffsets(
        2000, 1000, 1004, 24, 900, 1800, 8, 112, 256, 184, 696, 96, 0, castableTask);
  }

  @TestFactory
  Stream<DynamicTest> areTheSameForTheSameMapsAndOffsets() {
    return GoldenCases.of(getClass())
        .tests(golden -> golden.expect("listing.insns", Listing.of(program(golden.name()).code())));
  }

  private static ProgramSpec program(String name) {
    return switch (name) {
      case "newtask" -> PROGRAMS.newtask();
      case "newtask-without-cast" -> WITHOUT_CAST.newtask();
      case "wakeup" -> PROGRAMS.wakeup();
      case "attach" -> PROGRAMS.attach();
      case "cgroup-mkdir" -> PROGRAMS.cgroupMade();
      case "cgroup-rmdir" -> PROGRAMS.cgroupRemoved();
      case "sweep" -> PROGRAMS.sweep(true);
      case "sweep-preemptible" -> PROGRAMS.sweep(false);
      case "verify" -> PROGRAMS.verify();
      case "list" -> PROGRAMS.list(1, 16);
      case "assign" -> PROGRAMS.assign();
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Test
  void aValueIsWrittenInTheWidestAlignedPieces() {
    assertThat(ValueRuns.of(List.of(new ByteRange(5, 51), new ByteRange(64, 5))).runs())
        .extracting(run -> run.count() + " " + run.size() + " at " + run.offset())
        .containsExactly("1 U8 at 5", "1 U16 at 6", "6 U64 at 8", "1 U32 at 64", "1 U8 at 68");
  }

  @Test
  void anEmptySetAndAnOversizedOneAreRefused() {
    assertThatThrownBy(() -> new NodePrograms(OFFSETS, List.of()))
        .hasMessage("make programs: 0 maps: from 1 to 16");
    assertThatThrownBy(
            () -> new NodePrograms(OFFSETS, Collections.nCopies(17, List.of(new ByteRange(0, 8)))))
        .hasMessage("make programs: 17 maps: from 1 to 16");
  }
}
