package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** What becomes of a probe's answer. */
class ProbeTest {
  private final BpfException shortage = new BpfException("map create", "probe", Errno.EMFILE, null);

  @Test
  void asksAgainWhileTheAnswerIsUnknown() {
    // Given
    Probe probe = new Probe();
    Queue<ProbeResult> answers =
        new ArrayDeque<>(
            List.of(
                new ProbeResult.Unknown(shortage),
                new ProbeResult.Yes(),
                new ProbeResult.No("never asked", "nothing")));

    // When
    List<ProbeResult> results =
        List.of(
            probe.once("x", answers::remove),
            probe.once("x", answers::remove),
            probe.once("x", answers::remove));

    // Then
    assertThat(results)
        .containsExactly(
            new ProbeResult.Unknown(shortage), new ProbeResult.Yes(), new ProbeResult.Yes());
  }

  @Test
  void aShortageSaysNothingOfTheKernel() {
    // When
    ProbeResult result = Probe.withoutRefusal(() -> refuse(Errno.EMFILE, null));

    // Then
    assertThat(result).isInstanceOf(ProbeResult.Unknown.class);
  }

  @Test
  void aRefusalIsNoWithItsMend() {
    // When
    ProbeResult result =
        Probe.withoutRefusal(
            () -> refuse(Errno.EPERM, "CAP_BPF is missing: run as root or grant CAP_BPF"));

    // Then
    assertThat(result)
        .isEqualTo(
            new ProbeResult.No(
                "map create probe: EPERM (operation not permitted)",
                "CAP_BPF is missing: run as root or grant CAP_BPF"));
  }

  @Test
  void aRefusalWithoutHintWantsAnotherKernel() {
    // When
    ProbeResult result = Probe.withoutRefusal(() -> refuse(Errno.EFAULT, null));

    // Then
    assertThat(result)
        .isEqualTo(
            new ProbeResult.No("map create probe: EFAULT (bad address)", "use another kernel"));
  }

  @Test
  void aMapTypeThatTheKernelDoesNotKnowIsToldAsSuch() {
    // When
    ProbeResult result =
        Probe.withoutRefusal(
            () -> Probe.withoutType(new BpfException("map create", "probe", Errno.EINVAL, null)));

    // Then
    assertThat(result)
        .isEqualTo(new ProbeResult.No("the kernel has no task storage", "use Linux 5.11 or newer"));
  }

  private static ProbeResult refuse(Errno errno, @org.jspecify.annotations.Nullable String hint) {
    throw new BpfException("map create", "probe", errno, hint);
  }
}
