package io.taskstorage.bpf.asm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds the instructions of one program, line by line. Every call adds what it is named after and
 * returns the builder; {@link #code} checks the whole and ends the work. What does not fit an
 * instruction is refused where it is written, never cut. Not for use by several threads.
 */
public final class Asm {

  /** What the kernel gives a program for its frame (MAX_BPF_STACK). */
  public static final int STACK_BYTES = 512;

  private final List<Code.Line> lines = new ArrayList<>();
  private final Map<Label, Integer> places = new LinkedHashMap<>();
  private final Set<Label> pending = new LinkedHashSet<>();
  private @Nullable String note;
  private int slots;

  /** A program without instructions. */
  public Asm() {}

  /**
   * The pseudo-C of the instructions up to the next note. Listings show it above them, and a
   * refusal by the verifier quotes it.
   */
  public Asm note(String text) {
    refuseEmptyNote();
    note = text;
    return this;
  }

  /** {@code dst = *(size *)(base + offset)}. */
  public Asm load(Size size, Reg dst, Reg base, int offset) {
    return add(new Insn.Load(size, dst, base, memoryOffset(size, base, offset)));
  }

  /** {@code *(size *)(base + offset) = src}. */
  public Asm store(Size size, Reg base, int offset, Reg src) {
    return add(new Insn.Store(size, base, memoryOffset(size, base, offset), src));
  }

  /** {@code *(size *)(base + offset) = value}, sign-extended for {@link Size#U64}. */
  public Asm store(Size size, Reg base, int offset, int value) {
    Operand src = new Operand.Imm(value);
    return add(new Insn.Store(size, base, memoryOffset(size, base, offset), src));
  }

  /** {@code *(size *)(base + offset) += src} as one atomic step; no barrier, no result. */
  public Asm atomicAdd(Size size, Reg base, int offset, Reg src) {
    return atomic(size, base, offset, src, false);
  }

  /**
   * {@code src = old value, *(size *)(base + offset) += src} as one atomic step and a full memory
   * barrier.
   */
  public Asm atomicFetchAdd(Size size, Reg base, int offset, Reg src) {
    return atomic(size, base, offset, src, true);
  }

  private Asm atomic(Size size, Reg base, int offset, Reg src, boolean fetch) {
    if (size != Size.U32 && size != Size.U64) {
      throw new IllegalArgumentException(
          "atomic add: " + size.text() + ": the machine has it for u32 and u64 only");
    }
    return add(new Insn.AtomicAdd(size, base, memoryOffset(size, base, offset), src, fetch));
  }

  /** {@code dst = dst op src}, 64 bits. */
  public Asm alu(AluOp op, Reg dst, Reg src) {
    return add(new Insn.Alu(Width.W64, op, dst, src));
  }

  /** {@code dst = dst op value}, 64 bits, the constant sign-extended. */
  public Asm alu(AluOp op, Reg dst, int value) {
    return add(new Insn.Alu(Width.W64, op, dst, new Operand.Imm(value)));
  }

  /** {@code dst = (u32) dst op (u32) src}; the upper half becomes zero. */
  public Asm alu32(AluOp op, Reg dst, Reg src) {
    return add(new Insn.Alu(Width.W32, op, dst, src));
  }

  /** {@code dst = (u32) dst op value}; the upper half becomes zero. */
  public Asm alu32(AluOp op, Reg dst, int value) {
    return add(new Insn.Alu(Width.W32, op, dst, new Operand.Imm(value)));
  }

  /** {@code dst = src}. */
  public Asm mov(Reg dst, Reg src) {
    return alu(AluOp.MOV, dst, src);
  }

  /** {@code dst = value}, sign-extended. */
  public Asm mov(Reg dst, int value) {
    return alu(AluOp.MOV, dst, value);
  }

  /** {@code dst += src}. */
  public Asm add(Reg dst, Reg src) {
    return alu(AluOp.ADD, dst, src);
  }

  /** {@code dst += value}. */
  public Asm add(Reg dst, int value) {
    return alu(AluOp.ADD, dst, value);
  }

  /** {@code dst = base + offset}, two instructions; an address in the frame when base is R10. */
  public Asm address(Reg dst, Reg base, int offset) {
    if (base == Reg.R10) {
      refuseOutsideStack(offset, 1);
    }
    return mov(dst, base).add(dst, offset);
  }

  /** {@code dst = value}, any 64 bits. */
  public Asm imm64(Reg dst, long value) {
    return add(new Insn.LoadImm64(dst, value));
  }

  /** {@code dst = &map}; {@code map} is the name under which the loader finds the map. */
  public Asm map(Reg dst, String map) {
    return add(new Insn.LoadMap(dst, map));
  }

  /** {@code goto target}. */
  public Asm jump(Label target) {
    return add(new Insn.Jump(target));
  }

  /** {@code if (left cond right) goto target}, 64 bits. */
  public Asm jump(Reg left, Cond cond, Reg right, Label target) {
    return add(new Insn.JumpIf(Width.W64, left, cond, right, target));
  }

  /** {@code if (left cond value) goto target}, 64 bits, the constant sign-extended. */
  public Asm jump(Reg left, Cond cond, int value, Label target) {
    return add(new Insn.JumpIf(Width.W64, left, cond, new Operand.Imm(value), target));
  }

  /** {@code if ((u32) left cond (u32) right) goto target}. */
  public Asm jump32(Reg left, Cond cond, Reg right, Label target) {
    return add(new Insn.JumpIf(Width.W32, left, cond, right, target));
  }

  /** {@code if ((u32) left cond value) goto target}. */
  public Asm jump32(Reg left, Cond cond, int value, Label target) {
    return add(new Insn.JumpIf(Width.W32, left, cond, new Operand.Imm(value), target));
  }

  /** {@code r0 = helper(r1, …)}; R1 to R5 are lost. */
  public Asm call(Helper helper) {
    return add(new Insn.Call(helper));
  }

  /** {@code r0 = function(r1, …)} of the kernel, by its name in vmlinux BTF; R1 to R5 are lost. */
  public Asm kfunc(String function) {
    return add(new Insn.CallKfunc(function));
  }

  /** {@code return r0}. */
  public Asm exit() {
    return add(new Insn.Exit());
  }

  /** Jumps to the label land on the next instruction. */
  public Asm bind(Label label) {
    if (places.putIfAbsent(label, slots) != null) {
      throw new IllegalStateException(
          "assemble label " + label + ": bound twice: use a new Label for each place");
    }
    pending.add(label);
    return this;
  }

  /**
   * The finished program. Each label is bound once and reached, the last instruction leaves, and
   * every jump fits its 16 bits.
   */
  public Code code() {
    refuseEmptyNote();
    return Code.of(lines, places, pending);
  }

  private Asm add(Insn insn) {
    lines.add(new Code.Line(slots, insn, note, List.copyOf(pending)));
    slots += insn.slots();
    pending.clear();
    note = null;
    return this;
  }

  private void refuseEmptyNote() {
    if (note != null) {
      throw new IllegalStateException(
          "assemble note \"" + note + "\": no instruction follows: write it before its first one");
    }
  }

  private static short memoryOffset(Size size, Reg base, int offset) {
    if (base == Reg.R10) {
      refuseOutsideStack(offset, size.bytes());
    }
    if (offset != (short) offset) {
      throw new IllegalArgumentException(
          "memory offset " + offset + ": outside -32768..32767: add it to the register first");
    }
    return (short) offset;
  }

  private static void refuseOutsideStack(int offset, int bytes) {
    if (offset < -STACK_BYTES || offset + bytes > 0) {
      throw new IllegalArgumentException(
          "stack offset %d: %d bytes there are outside the frame: use -%d to -%d"
              .formatted(offset, bytes, STACK_BYTES, bytes));
    }
  }
}
