package io.taskstorage.bpf.asm;

import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the builder refuses, and what its code says about itself. */
class AsmTest {

  private static final Label OUT = new Label("out");

  static Stream<Arguments> misuse() {
    return Stream.of(
        Arguments.of(
            refused(() -> new Asm().load(Size.U64, R0, R1, 32768)),
            "memory offset 32768: outside -32768..32767: add it to the register first"),
        Arguments.of(
            refused(() -> new Asm().store(Size.U64, R1, -32769, R0)),
            "memory offset -32769: outside -32768..32767: add it to the register first"),
        Arguments.of(
            refused(() -> new Asm().store(Size.U64, R10, -520, R0)),
            "stack offset -520: 8 bytes there are outside the frame: use -512 to -8"),
        Arguments.of(
            refused(() -> new Asm().store(Size.U32, R10, -2, 0)),
            "stack offset -2: 4 bytes there are outside the frame: use -512 to -4"),
        Arguments.of(
            refused(() -> new Asm().load(Size.U8, R0, R10, 0)),
            "stack offset 0: 1 bytes there are outside the frame: use -512 to -1"),
        Arguments.of(
            refused(() -> new Asm().address(R2, R10, -513)),
            "stack offset -513: 1 bytes there are outside the frame: use -512 to -1"),
        Arguments.of(
            refused(() -> new Asm().atomicAdd(Size.U16, R0, 0, R1)),
            "atomic add: u16: the machine has it for u32 and u64 only"),
        Arguments.of(
            refused(() -> new Asm().bind(OUT).mov(R0, 0).bind(OUT)),
            "assemble label out: bound twice: use a new Label for each place"),
        Arguments.of(
            refused(() -> new Asm().jump(OUT).exit().code()),
            "assemble label out: never bound: bind it where its jumps are to land"),
        Arguments.of(
            refused(() -> new Asm().bind(OUT).exit().code()),
            "assemble label out: bound but never reached: remove it or jump to it"),
        Arguments.of(
            refused(() -> new Asm().jump(OUT).bind(OUT).code()),
            "assemble label out: bound after the last instruction: add what it leads to"),
        Arguments.of(
            refused(() -> new Asm().code()),
            "assemble program: no instructions: add at least exit"),
        Arguments.of(
            refused(() -> new Asm().mov(R0, 0).code()),
            "assemble program: runs past its last instruction: end with exit or a jump"),
        Arguments.of(
            refused(() -> new Asm().note("return 0;").code()),
            "assemble note \"return 0;\": no instruction follows: write it before its first one"),
        Arguments.of(
            refused(() -> new Asm().note("r0 = 0;").note("return;")),
            "assemble note \"r0 = 0;\": no instruction follows: write it before its first one"),
        Arguments.of(
            refused(() -> longJump(32768)),
            "assemble jump at 0 to label out: 32768 slots away, outside -32768..32767:"
                + " jump in two steps"));
  }

  @ParameterizedTest
  @MethodSource("misuse")
  void refusesWhatDoesNotFit(ThrowingCallable misuse, String message) {
    // When, Then
    assertThatThrownBy(misuse).hasMessage(message);
  }

  @Test
  void takesTheFarthestJumpThatFits() {
    // When
    Code code = longJump(32767);

    // Then
    assertThat(Listing.of(code)).startsWith("0: (05) goto pc+32767\n");
  }

  @Test
  void tellsLabelsOfOneNameApart() {
    // Given
    Label first = new Label("next");
    Label second = new Label("next");

    // When
    Code code =
        new Asm()
            .jump(R1, Cond.EQ, 0, first)
            .bind(first)
            .jump(R1, Cond.EQ, 1, second)
            .mov(R0, 1)
            .bind(second)
            .exit()
            .code();

    // Then
    assertThat(Listing.of(code)).contains("goto pc+0", "goto pc+1");
  }

  @Test
  void findsTheNoteThatCoversAnInstruction() {
    // Given
    Code code =
        new Asm()
            .mov(R1, 1)
            .note("key = 5;")
            .imm64(R2, 5)
            .mov(R1, 2)
            .note("return 0;")
            .mov(R0, 0)
            .exit()
            .code();

    // When, Then
    assertThat(code.noteAt(0)).isEmpty();
    assertThat(code.noteAt(1)).contains("key = 5;");
    assertThat(code.noteAt(2)).contains("key = 5;");
    assertThat(code.noteAt(3)).contains("key = 5;");
    assertThat(code.noteAt(4)).contains("return 0;");
    assertThat(code.noteAt(99)).contains("return 0;");
  }

  @Test
  void codeDoesNotChangeWhenTheBuilderGoesOn() {
    // Given
    Asm asm = new Asm().exit();
    Code code = asm.code();

    // When
    asm.exit();

    // Then
    assertThat(code.slots()).isEqualTo(1);
  }

  private static Code longJump(int slots) {
    Label out = new Label("out");
    Asm asm = new Asm().jump(out);
    for (int i = 0; i < slots; i++) {
      asm.mov(R0, 0);
    }
    return asm.bind(out).exit().code();
  }

  private static ThrowingCallable refused(ThrowingCallable misuse) {
    return misuse;
  }
}
