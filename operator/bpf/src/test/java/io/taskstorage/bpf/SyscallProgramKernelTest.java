package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Reg;
import io.taskstorage.bpf.asm.SamplePrograms;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** PROG_RUN: a program as a call into the kernel, here one that writes its own field in place. */
@KernelTest
@GuestTest(GuestSuite.PROGRAMS)
class SyscallProgramKernelTest {

  private static final ProgramSpec WRITE_OWN =
      new ProgramSpec(
          "write_own",
          new ProgramType.Syscall(),
          "GPL",
          SamplePrograms.writeField(ProgramSamples.OWN_OFFSET));

  private static Program load(BpfMap entries) {
    ProgramSamples.needTaskFromPid();
    return Program.load(WRITE_OWN, Map.of("entries", entries));
  }

  private static Program.Run run(Program program, int tid, long number) {
    byte[] context =
        ByteBuffer.allocate(16)
            .order(ByteOrder.nativeOrder())
            .putInt(tid)
            .putInt(0)
            .putLong(number)
            .array();
    return program.run(context);
  }

  @Test
  void writesAFieldInPlaceAndHandsTheOldOneBack() {
    // Given
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start();
        Program program = load(entries)) {
      Task task = tasks.process();
      ProgramSamples.set(entries, task.tid(), ProgramSamples.value(41, 7));

      // When
      Program.Run run = run(program, task.tid(), 99);

      // Then
      assertThat(run.value()).isZero();
      assertThat(run.context().getLong(8)).isEqualTo(7);
      assertThat(ProgramSamples.get(entries, task.tid()))
          .isInstanceOfSatisfying(
              Lookup.Present.class,
              present -> assertThat(present.value()).isEqualTo(ProgramSamples.value(41, 99)));
    }
  }

  @Test
  void returnsWhatTheProgramLeavesInR0() {
    // Given
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start();
        Program program = load(entries)) {
      Task without = tasks.process();
      Task gone = tasks.process();
      gone.exit();
      gone.reap();

      // When
      int noEntry = run(program, without.tid(), 1).value();
      int noTask = run(program, gone.tid(), 1).value();

      // Then
      assertThat(noEntry).isEqualTo(2);
      assertThat(noTask).isEqualTo(1);
    }
  }

  @Test
  void runsWithoutAContext() {
    // Given
    ProgramSpec spec =
        new ProgramSpec(
            "minus_five",
            new ProgramType.Syscall(),
            "GPL",
            new Asm().mov(Reg.R0, -5).exit().code());

    // When
    Program.Run run;
    try (Program program = Program.load(spec, Map.of())) {
      run = program.run(new byte[0]);
    }

    // Then
    assertThat(run.value()).isEqualTo(-5);
    assertThat(run.context().capacity()).isZero();
  }

  @Test
  void refusesAContextThatIsTooShort() {
    // Given
    try (BpfMap entries = ProgramSamples.entries();
        Program program = load(entries)) {
      // When, Then
      assertThatThrownBy(() -> program.run(new byte[8]))
          .hasMessage(
              "program run write_own: EINVAL (invalid argument): only syscall programs run this"
                  + " way, with a context of at least the bytes they use");
    }
  }
}
