package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.console.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanesTest {
  /** What could not be tried may work in a moment: no other plane ends what is in force. */
  @ParameterizedTest
  @EnumSource(names = {"AUTO", "IN_KERNEL"})
  void whatCouldNotBeTriedEndsTheStart(PlaneChoice choice) {
    // Given
    BpfException refusal =
        new BpfException("map create", "first_act", Errno.EMFILE, "raise RLIMIT_NOFILE");
    List<String> notes = new ArrayList<>();

    // When, Then
    assertThatThrownBy(
            () -> Planes.choose(choice, () -> new ProbeResult.Unknown(refusal), notes::add))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "try plane in-kernel: "
                + refusal.getMessage()
                + ": start again when that is mended, or choose --plane rescan");
    assertThat(notes).isEmpty();
  }
}
