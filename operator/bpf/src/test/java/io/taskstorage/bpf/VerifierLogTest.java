package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is read from a verifier's log, and what is not when its words are unknown. */
class VerifierLogTest {

  @Test
  void findsTheVerdictBehindTheLastInstruction() {
    // Given
    VerifierLog log =
        new VerifierLog(
            """
            0: R1=ctx() R10=fp0
            0: (79) r6 = *(u64 *)(r1 +8)          ; R1=ctx() R6_w=ptr_or_null_task_struct(id=1)
            1: (15) if r6 == 0x0 goto pc+1
            R6 invalid mem access 'scalar'
            processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0
            """);

    // When, Then
    assertThat(log.verdict()).contains("R6 invalid mem access 'scalar'");
    assertThat(log.instruction()).hasValue(1);
    assertThat(log.lines()).hasSize(5);
  }

  @Test
  void prefersTheInstructionThatTheVerdictNames() {
    // Given
    VerifierLog log = new VerifierLog("0: (b7) r0 = 0\nunreachable insn 7\nprocessed 0 insns");

    // When, Then
    assertThat(log.verdict()).contains("unreachable insn 7");
    assertThat(log.instruction()).hasValue(7);
  }

  @Test
  void leavesOpenWhatALogDoesNotSay() {
    // Given
    VerifierLog log = new VerifierLog("");

    // When, Then
    assertThat(log.verdict()).isEmpty();
    assertThat(log.instruction()).isEmpty();
    assertThat(log.lines()).isEmpty();
  }
}
