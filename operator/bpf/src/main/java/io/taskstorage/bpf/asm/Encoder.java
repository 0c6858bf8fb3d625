package io.taskstorage.bpf.asm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.ToIntFunction;

/**
 * Instructions to {@code struct bpf_insn}: code u8, dst and src u4 each, offset s16, imm s32.
 * Little endian, as both supported machines are (the kernel swaps the two registers on others).
 */
final class Encoder {

  static final int SLOT_BYTES = 8;

  // Names of include/uapi/linux/bpf.h and bpf_common.h.
  private static final int BPF_LD_IMM64 = 0x18;
  private static final int BPF_LDX_MEM = 0x61;
  private static final int BPF_ST_MEM = 0x62;
  private static final int BPF_STX_MEM = 0x63;
  private static final int BPF_STX_ATOMIC = 0xc3;
  private static final int BPF_JMP_JA = 0x05;
  private static final int BPF_JMP_CALL = 0x85;
  private static final int BPF_JMP_EXIT = 0x95;
  private static final int BPF_X = 0x08;
  private static final int BPF_FETCH = 0x01;
  private static final int BPF_PSEUDO_MAP_FD = 1;
  private static final int BPF_PSEUDO_KFUNC_CALL = 2;

  private final Code code;
  private final ToIntFunction<String> mapDescriptor;
  private final ToIntFunction<String> kfuncTypeId;
  private final ByteBuffer out;

  Encoder(Code code, ToIntFunction<String> mapDescriptor, ToIntFunction<String> kfuncTypeId) {
    this.code = code;
    this.mapDescriptor = mapDescriptor;
    this.kfuncTypeId = kfuncTypeId;
    this.out = ByteBuffer.allocate(code.slots() * SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  byte[] bytes() {
    code.lines().forEach(this::encode);
    return out.array();
  }

  private void encode(Code.Line line) {
    switch (line.insn()) {
      case Insn.Exit _ -> slot(BPF_JMP_EXIT, 0, 0, 0, 0);
      case Insn.Call(Helper helper) -> slot(BPF_JMP_CALL, 0, 0, 0, helper.number());
      case Insn.CallKfunc(String function) ->
          slot(BPF_JMP_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, kfuncTypeId.applyAsInt(function));
      case Insn.LoadImm64(Reg dst, long value) -> wide(dst, 0, (int) value, (int) (value >>> 32));
      case Insn.LoadMap(Reg dst, String map) ->
          wide(dst, BPF_PSEUDO_MAP_FD, mapDescriptor.applyAsInt(map), 0);
      case Insn.Load(Size size, Reg dst, Reg base, short offset) ->
          slot(BPF_LDX_MEM | size.bits(), dst.number(), base.number(), offset, 0);
      case Insn.AtomicAdd(Size size, Reg base, short offset, Reg src, boolean fetch) ->
          slot(
              BPF_STX_ATOMIC | size.bits(),
              base.number(),
              src.number(),
              offset,
              fetch ? BPF_FETCH : 0);
      case Insn.Store(Size size, Reg base, short offset, Reg src) ->
          slot(BPF_STX_MEM | size.bits(), base.number(), src.number(), offset, 0);
      case Insn.Store(Size size, Reg base, short offset, Operand.Imm(int value)) ->
          slot(BPF_ST_MEM | size.bits(), base.number(), 0, offset, value);
      case Insn.Alu(Width width, AluOp op, Reg dst, Operand src) ->
          operation(width.aluClass() | op.bits(), dst, src, 0);
      case Insn.Jump(Label target) -> slot(BPF_JMP_JA, 0, 0, code.jumpOffset(line, target), 0);
      case Insn.JumpIf(Width width, Reg left, Cond cond, Operand right, Label target) ->
          operation(width.jumpClass() | cond.bits(), left, right, code.jumpOffset(line, target));
    }
  }

  private void operation(int opcode, Reg dst, Operand src, int offset) {
    switch (src) {
      case Reg reg -> slot(opcode | BPF_X, dst.number(), reg.number(), offset, 0);
      case Operand.Imm(int value) -> slot(opcode, dst.number(), 0, offset, value);
    }
  }

  private void wide(Reg dst, int pseudo, int low, int high) {
    slot(BPF_LD_IMM64, dst.number(), pseudo, 0, low);
    slot(0, 0, 0, 0, high);
  }

  private void slot(int opcode, int dst, int src, int offset, int imm) {
    out.put((byte) opcode).put((byte) (src << 4 | dst)).putShort((short) offset).putInt(imm);
  }
}
