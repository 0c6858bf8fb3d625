package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.asm.Reg;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What messages advise where the machine that runs the tests gives no occasion. */
class ProgramHintsTest {
  private static final ProgramType SYSCALL = new ProgramType.Syscall();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0             | CAP_BPF and CAP_PERFMON are missing: run as root or grant them
          0x8000000000  | CAP_PERFMON is missing: run as root or grant CAP_PERFMON
          0x4000000000  | CAP_BPF is missing: run as root or grant CAP_BPF
          """)
  void namesExactlyTheCapabilitiesThatATracingProgramLacks(String held, String expected) {
    // Given
    Capabilities capabilities = new Capabilities(Long.decode(held));

    // When, Then
    assertThat(
            capabilities.whyProgramIsRefused(
                new ProgramType.Iterator("task", false), Optional.empty()))
        .isEqualTo(expected);
    assertThat(
            capabilities.whyProgramIsRefused(
                new ProgramType.Tracepoint("task_newtask"), Optional.of("integrity")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << Capabilities.CAP_SYS_ADMIN, 3L << Capabilities.CAP_PERFMON})
  void looksElsewhereWhereNoCapabilityIsMissing(long held) {
    // When
    String why =
        new Capabilities(held)
            .whyProgramIsRefused(new ProgramType.Tracepoint("sched"), Optional.of("none"));

    // Then
    assertThat(why)
        .isEqualTo(
            "the capabilities are there, so this kernel is locked against such programs, or a"
                + " security module or a seccomp filter refuses it: see"
                + " /sys/kernel/security/lockdown, and allow bpf(2)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"integrity", "confidentiality"})
  void namesTheLockdownThatIsInForce(String mode) {
    // Given
    Capabilities all = new Capabilities(-1);

    // When
    String why =
        all.whyProgramIsRefused(new ProgramType.Iterator("task", false), Optional.of(mode));

    // Then
    assertThat(why)
        .isEqualTo(
            "the capabilities are there, and the kernel is locked down ("
                + mode
                + "): start it with lockdown=none, or allow bpf(2) in the security module or the"
                + " seccomp filter that refuses it");
  }

  @Test
  void namesOneCapabilityForProgramsThatTraceNothing() {
    // When
    String why =
        new Capabilities(0).whyProgramIsRefused(new ProgramType.Syscall(), Optional.empty());

    // Then
    assertThat(why).isEqualTo("CAP_BPF is missing: run as root or grant CAP_BPF");
  }

  @Test
  void advisesWhenDescriptorsRunOut() {
    // When
    String hint = Hint.programLoad(Errno.EMFILE, SYSCALL);

    // Then
    assertThat(hint)
        .isEqualTo("this process has too many open files: raise RLIMIT_NOFILE (ulimit -n)");
  }

  @Test
  void advisesWhenSignalsNeverEnd() {
    // When
    String hint = Hint.programLoad(Errno.EAGAIN, SYSCALL);

    // Then
    assertThat(hint).isEqualTo("signals never let the verifier finish: send fewer");
  }

  @Test
  void advisesNothingThatIsNotKnown() {
    // When
    String hint = Hint.programLoad(Errno.EFAULT, SYSCALL);

    // Then
    assertThat(hint).isNull();
  }

  @Test
  void saysWhyOnlyWhereItIsThatReason() {
    // When, Then
    assertThat(Hint.invalid(Errno.EINVAL, "it is no program")).isEqualTo("it is no program");
    assertThat(Hint.invalid(Errno.EBADF, "it is no program")).isNull();
  }

  @Test
  void saysNoMoreThanTheVerifierDid() {
    // Given
    Code code = new Asm().mov(Reg.R0, 0).exit().code();
    ProgramSpec spec = new ProgramSpec("short", new ProgramType.Syscall(), "GPL", code);

    // When
    VerifierException refused =
        new VerifierException(spec, Errno.EINVAL, "processed 0 insns (limit 1000000)\n");

    // Then
    assertThat(refused)
        .hasMessage("program load short: EINVAL (invalid argument): the verifier says \"nothing\"");
    assertThat(refused.note()).isEmpty();
    assertThat(refused.lastLines()).containsExactly("processed 0 insns (limit 1000000)");
  }
}
