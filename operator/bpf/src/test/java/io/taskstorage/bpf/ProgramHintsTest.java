package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.asm.Reg;
import org.junit.jupiter.api.Test;

/** What messages advise where the machine that runs the tests gives no occasion. */
class ProgramHintsTest {

  @Test
  void advisesWhenAProgramIsNotAllowed() {
    // When
    String hint = Hint.programLoad(Errno.EPERM);

    // Then
    assertThat(hint)
        .isEqualTo(
            "CAP_BPF, and for tracing programs CAP_PERFMON, is missing, or this kernel is locked"
                + " against such programs: run as root or grant them");
  }

  @Test
  void advisesWhenDescriptorsRunOut() {
    // When
    String hint = Hint.programLoad(Errno.EMFILE);

    // Then
    assertThat(hint)
        .isEqualTo("this process has too many open files: raise RLIMIT_NOFILE (ulimit -n)");
  }

  @Test
  void advisesWhenSignalsNeverEnd() {
    // When
    String hint = Hint.programLoad(Errno.EAGAIN);

    // Then
    assertThat(hint).isEqualTo("signals never let the verifier finish: send fewer");
  }

  @Test
  void advisesNothingThatIsNotKnown() {
    // When
    String hint = Hint.programLoad(Errno.EFAULT);

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
