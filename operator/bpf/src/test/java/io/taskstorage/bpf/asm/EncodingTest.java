package io.taskstorage.bpf.asm;

import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R9;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Instructions to bytes: operation code, src and dst as one byte, offset, constant. */
class EncodingTest {

  static Stream<Arguments> instructions() {
    return Stream.of(
        // r9 = *(u8 *)(r1 + 0x0102): LDX | MEM | B
        Arguments.of(new Asm().load(Size.U8, R9, R1, 0x0102), "71 19 0201 00000000"),
        Arguments.of(new Asm().load(Size.U16, R9, R1, -2), "69 19 feff 00000000"),
        Arguments.of(new Asm().load(Size.U32, R0, R1, 32767), "61 10 ff7f 00000000"),
        Arguments.of(new Asm().load(Size.U64, R0, R1, -32768), "79 10 0080 00000000"),
        // *(u64 *)(r10 - 8) = r2: STX | MEM | DW; a constant is ST and stands last
        Arguments.of(new Asm().store(Size.U64, R10, -8, R2), "7b 2a f8ff 00000000"),
        Arguments.of(new Asm().store(Size.U32, R10, -4, R2), "63 2a fcff 00000000"),
        Arguments.of(new Asm().store(Size.U16, R1, 4, 0x01020304), "6a 01 0400 04030201"),
        Arguments.of(new Asm().store(Size.U8, R1, 0, -1), "72 01 0000 ffffffff"),
        // STX | ATOMIC: the constant says which operation, 0 ADD, 1 FETCH
        Arguments.of(new Asm().atomicAdd(Size.U64, R0, 8, R1), "db 10 0800 00000000"),
        Arguments.of(new Asm().atomicFetchAdd(Size.U64, R0, 8, R1), "db 10 0800 01000000"),
        Arguments.of(new Asm().atomicFetchAdd(Size.U32, R10, -4, R1), "c3 1a fcff 01000000"),
        // ALU64 | MOV | X and K; ALU for 32 bits
        Arguments.of(new Asm().mov(R9, R1), "bf 19 0000 00000000"),
        Arguments.of(new Asm().mov(R9, -2), "b7 09 0000 feffffff"),
        Arguments.of(new Asm().add(R1, R2), "0f 21 0000 00000000"),
        Arguments.of(new Asm().add(R1, 16), "07 01 0000 10000000"),
        Arguments.of(new Asm().alu32(AluOp.MOV, R9, R1), "bc 19 0000 00000000"),
        Arguments.of(new Asm().alu32(AluOp.AND, R9, 255), "54 09 0000 ff000000"),
        Arguments.of(new Asm().alu(AluOp.ARSH, R1, 63), "c7 01 0000 3f000000"),
        // mov, then add
        Arguments.of(new Asm().address(R2, R10, -16), "bf a2 0000 00000000 07 02 0000 f0ffffff"),
        // LD | IMM | DW: two slots, the upper half in the second
        Arguments.of(
            new Asm().imm64(R1, 0x0102030405060708L), "18 01 0000 08070605 00 00 0000 04030201"),
        Arguments.of(new Asm().imm64(R1, -1), "18 01 0000 ffffffff 00 00 0000 ffffffff"),
        // src 1 is BPF_PSEUDO_MAP_FD, the constant the descriptor
        Arguments.of(new Asm().map(R1, "entries"), "18 11 0000 05000000 00 00 0000 00000000"),
        Arguments.of(new Asm().call(Helper.TASK_STORAGE_GET), "85 00 0000 9c000000"),
        // src 2 is BPF_PSEUDO_KFUNC_CALL, the constant the BTF type id
        Arguments.of(new Asm().kfunc("bpf_rcu_read_lock"), "85 20 0000 40e20100"));
  }

  @ParameterizedTest
  @MethodSource("instructions")
  void encodesEachKind(Asm asm, String expected) {
    // When
    String bytes = hex(asm.exit().code());

    // Then
    assertThat(bytes).isEqualTo(expected.replace(" ", "") + "9500000000000000");
  }

  @Test
  void jumpsCountFromTheSlotAfterThem() {
    // Given
    Label again = new Label("again");
    Label out = new Label("out");

    // When
    Code code =
        new Asm()
            .bind(again)
            .jump(R1, Cond.EQ, 0, out) // 0
            .imm64(R2, 1) // 1, 2
            .jump(R1, Cond.SLT, R2, again) // 3
            .jump32(R1, Cond.SET, 6, out) // 4
            .jump32(R1, Cond.NE, R2, out) // 5
            .jump(again) // 6
            .bind(out)
            .exit() // 7
            .code();

    // Then
    assertThat(hex(code))
        .isEqualTo(
            """
            15 01 0600 00000000
            18 02 0000 01000000 00 00 0000 00000000
            cd 21 fcff 00000000
            46 01 0200 06000000
            5e 21 0100 00000000
            05 00 f9ff 00000000
            95 00 0000 00000000
            """
                .replaceAll("\\s", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "ADD, 0",
    "SUB, 1",
    "MUL, 2",
    "DIV, 3",
    "OR, 4",
    "AND, 5",
    "LSH, 6",
    "RSH, 7",
    "MOD, 9",
    "XOR, 10",
    "MOV, 11",
    "ARSH, 12"
  })
  void everyOperationHasItsOwnCode(AluOp op, int number) {
    // Given
    Code reg = new Asm().alu(op, R1, R2).exit().code();
    Code imm = new Asm().alu32(op, R1, 3).exit().code();

    // When
    int regCode = bytes(reg)[0] & 0xff;
    int immCode = bytes(imm)[0] & 0xff;

    // Then
    assertThat(regCode).isEqualTo(number << 4 | 0x0f);
    assertThat(immCode).isEqualTo(number << 4 | 0x04);
  }

  @ParameterizedTest
  @CsvSource({
    "EQ, 1", "GT, 2", "GE, 3", "SET, 4", "NE, 5", "SGT, 6", "SGE, 7", "LT, 10", "LE, 11", "SLT, 12",
    "SLE, 13"
  })
  void everyConditionHasItsOwnCode(Cond cond, int number) {
    // Given
    Label out = new Label("out");
    Code code = new Asm().jump(R1, cond, R2, out).bind(out).exit().code();

    // When
    int opcode = bytes(code)[0] & 0xff;

    // Then
    assertThat(opcode).isEqualTo(number << 4 | 0x0d);
  }

  @Test
  void namesWhatItNeedsInOrderOfUse() {
    // Given
    Code code =
        new Asm()
            .map(R1, "rows")
            .map(R2, "entries")
            .map(R1, "rows")
            .kfunc("bpf_rcu_read_lock")
            .kfunc("bpf_rcu_read_unlock")
            .exit()
            .code();

    // When
    Set<String> maps = code.maps();
    Set<String> kfuncs = code.kfuncs();

    // Then
    assertThat(maps).containsExactly("rows", "entries");
    assertThat(kfuncs).containsExactly("bpf_rcu_read_lock", "bpf_rcu_read_unlock");
    assertThat(code.slots()).isEqualTo(9);
    assertThat(code.insns()).hasSize(6).endsWith(new Insn.Exit());
  }

  private static byte[] bytes(Code code) {
    return code.bytes(_ -> 5, _ -> 123456);
  }

  private static String hex(Code code) {
    return HexFormat.of().formatHex(bytes(code));
  }
}
