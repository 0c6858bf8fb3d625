package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Code;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramSpecTest {

  private static final Code CODE = new Asm().exit().code();

  @ParameterizedTest
  @ValueSource(strings = {"a", "newtask", "a_B.9", "exactly15chars_"})
  void takesTheNamesThatTheKernelTakes(String name) {
    // When
    ProgramSpec spec = new ProgramSpec(name, new ProgramType.Syscall(), "GPL", CODE);

    // Then
    assertThat(spec.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sixteen_letters_", "a-b", "a b", "ä"})
  void refusesOthers(String name) {
    // When, Then
    assertThatThrownBy(() -> new ProgramSpec(name, new ProgramType.Syscall(), "GPL", CODE))
        .hasMessage(
            "program name \"" + name + "\": use 1 to 15 characters of A-Z, a-z, 0-9, _ and .");
  }
}
