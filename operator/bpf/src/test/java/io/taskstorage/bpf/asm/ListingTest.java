package io.taskstorage.bpf.asm;

import io.taskstorage.bpf.asm.SamplePrograms.TaskOffsets;
import io.taskstorage.testkit.GoldenCases;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Listings as golden files; the kernel's own log is compared in {@code ListingKernelTest}. */
class ListingTest {

  @TestFactory
  Stream<DynamicTest> printsTheVerifiersSyntax() {
    return GoldenCases.of(getClass())
        .tests(golden -> golden.expect("listing.insns", Listing.of(program(golden.name()))));
  }

  private static Code program(String name) {
    return switch (name) {
      case "dump-entries" -> SamplePrograms.dumpEntries(TaskOffsets.FIXED, 16);
      case "dump-pids" -> SamplePrograms.dumpPids(TaskOffsets.FIXED);
      case "write-hits" -> SamplePrograms.writeHits(8);
      case "inherit" -> SamplePrograms.inherit();
      case "newtask-events" -> SamplePrograms.newtaskEvents(TaskOffsets.FIXED, 24);
      case "write-field" -> SamplePrograms.writeField(8);
      case "every-kind" -> EveryKind.code();
      default -> throw new IllegalArgumentException(name);
    };
  }
}
