package io.taskstorage.bpf.asm;

/**
 * A program as text in the syntax of the verifier's log ({@code print_bpf_insn} in
 * kernel/bpf/disasm.c): {@code 4: (15) if r6 == 0x0 goto pc+3}, where the first number is the slot
 * and the one in brackets the operation code. Notes and labels stand above their instruction, as
 * the verifier prints source lines. Two operands are only known once a program is loaded and stand
 * by name: {@code map[entries]} where the log has an address, {@code bpf_rcu_read_lock#kfunc} where
 * it has a type id.
 */
public final class Listing {

  private final Code code;
  private final byte[] bytes;
  private final StringBuilder out = new StringBuilder();

  private Listing(Code code) {
    this.code = code;
    this.bytes = code.bytes(_ -> 0, _ -> 0);
  }

  /** The whole program, a newline after each line. */
  public static String of(Code code) {
    Listing listing = new Listing(code);
    code.lines().forEach(listing::line);
    return listing.out.toString();
  }

  private void line(Code.Line line) {
    for (Label label : line.labels()) {
      out.append("; ").append(label).append(":\n");
    }
    if (line.note() != null) {
      out.append("; ").append(line.note()).append('\n');
    }
    int opcode = bytes[line.slot() * Encoder.SLOT_BYTES] & 0xff;
    out.append("%d: (%02x) %s\n".formatted(line.slot(), opcode, text(line)));
  }

  private String text(Code.Line line) {
    return switch (line.insn()) {
      case Insn.Exit _ -> "exit";
      case Insn.Call(Helper helper) -> "call " + helper.kernelName() + '#' + helper.number();
      case Insn.CallKfunc(String function) -> "call " + function + "#kfunc";
      case Insn.LoadImm64(Reg dst, long value) ->
          Width.W64.text(dst) + " = 0x" + Long.toHexString(value);
      case Insn.LoadMap(Reg dst, String map) -> Width.W64.text(dst) + " = map[" + map + ']';
      case Insn.Load(Size size, Reg dst, Reg base, short offset) ->
          Width.W64.text(dst) + " = " + memory(size, base, offset);
      case Insn.Store(Size size, Reg base, short offset, Operand src) ->
          memory(size, base, offset) + " = " + decimal(Width.W64, src);
      case Insn.AtomicAdd add -> atomic(add);
      case Insn.Alu(Width width, AluOp op, Reg dst, Operand src) ->
          width.text(dst) + ' ' + op.text() + ' ' + decimal(width, src);
      case Insn.Jump(Label target) -> "goto " + pc(line, target);
      case Insn.JumpIf(Width width, Reg left, Cond cond, Operand right, Label target) ->
          "if %s %s %s goto %s"
              .formatted(width.text(left), cond.text(), hex(width, right), pc(line, target));
    };
  }

  private static String atomic(Insn.AtomicAdd add) {
    String place = memory(add.size(), add.base(), add.offset());
    String src = Width.W64.text(add.src());
    if (!add.fetch()) {
      return "lock " + place + " += " + src;
    }
    // The log prints the place without its star, as the argument of a function.
    String name = add.size() == Size.U64 ? "atomic64_fetch_add" : "atomic_fetch_add";
    return src + " = " + name + '(' + place.substring(1) + ", " + src + ')';
  }

  private static String memory(Size size, Reg base, short offset) {
    return "*(%s *)(%s %+d)".formatted(size.text(), Width.W64.text(base), offset);
  }

  private static String decimal(Width width, Operand operand) {
    return switch (operand) {
      case Reg reg -> width.text(reg);
      case Operand.Imm(int value) -> Integer.toString(value);
    };
  }

  private static String hex(Width width, Operand operand) {
    return switch (operand) {
      case Reg reg -> width.text(reg);
      case Operand.Imm(int value) -> "0x" + Integer.toHexString(value);
    };
  }

  private String pc(Code.Line from, Label target) {
    return "pc%+d".formatted(code.jumpOffset(from, target));
  }
}
