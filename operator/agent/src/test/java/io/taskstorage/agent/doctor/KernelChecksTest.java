package io.taskstorage.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.console.Finding;
import org.junit.jupiter.api.Test;

class KernelChecksTest {
  @Test
  void whatCouldNotBeTriedIsUnknownAndNeverNo() {
    // Given
    ProbeResult result =
        new ProbeResult.Unknown(new BpfException("map create", "probe", Errno.EMFILE, null));

    // When
    Finding finding = KernelChecks.finding(result, "there");

    // Then
    assertThat(finding).isInstanceOf(Finding.Unknown.class);
    assertThat(finding.word()).isEqualTo("unknown");
  }

  @Test
  void refusalKeepsItsReasonAndMend() {
    // When / Then
    assertThat(KernelChecks.finding(new ProbeResult.No("why", "how"), "there"))
        .isEqualTo(new Finding.No("why", "how"));
    assertThat(KernelChecks.finding(new ProbeResult.Yes(), "there"))
        .isEqualTo(new Finding.Yes("there"));
  }

  @Test
  void sixteenMapsAreFineAndTheNextIsNot() {
    // When / Then
    assertThat(KernelChecks.ofMaps(16))
        .isEqualTo(new Finding.Yes("16 of task storage, whoever made them; 16 are found fast"));
    assertThat(KernelChecks.ofMaps(17))
        .isEqualTo(
            new Finding.No(
                "17 of task storage, whoever made them; 16 are found fast, beyond that every"
                    + " program's lookup gets slower",
                "declare one map with many fields in place of many maps"));
  }

  @Test
  void pinsAreALowerBound() {
    // When / Then
    assertThat(KernelChecks.ofPins(new PinnedMaps(17, 3, 0))).isEqualTo(KernelChecks.ofMaps(17));
    assertThat(KernelChecks.ofPins(new PinnedMaps(2, 1, 0)))
        .isEqualTo(
            new Finding.Unknown(
                "2 of task storage are pinned; listing others needs CAP_SYS_ADMIN: run doctor as"
                    + " root to count them"));
  }
}
