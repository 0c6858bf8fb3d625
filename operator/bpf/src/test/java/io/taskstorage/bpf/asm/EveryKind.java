package io.taskstorage.bpf.asm;

import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R3;
import static io.taskstorage.bpf.asm.Reg.R4;
import static io.taskstorage.bpf.asm.Reg.R6;
import static io.taskstorage.bpf.asm.Reg.R7;
import static io.taskstorage.bpf.asm.Size.U32;
import static io.taskstorage.bpf.asm.Size.U64;

/** A program for the sake of its instructions: what is not in it has never been compared. */
public final class EveryKind {

  private EveryKind() {}

  /** Every kind of instruction, every operation and every condition, in both widths. */
  public static Code code() {
    Asm asm = new Asm().note("three = 3;").mov(R7, R1).mov(R2, 3);
    for (AluOp op : AluOp.values()) {
      asm.mov(R1, 6).alu(op, R1, R2).alu(op, R1, 3).alu32(op, R1, R2).alu32(op, R1, 3);
    }
    for (Cond cond : Cond.values()) {
      Label next = new Label(cond.name());
      // Read anew, so that the verifier knows nothing of it and looks at every way.
      asm.note("unknown = ctx->len;").load(U32, R6, R7, 0);
      asm.jump(R6, cond, R2, next).jump(R6, cond, 3, next);
      asm.jump32(R6, cond, R2, next).jump32(R6, cond, 3, next);
      asm.mov(R2, 3).bind(next);
    }
    return memory(asm).mov(R0, -1).exit().code();
  }

  private static Asm memory(Asm asm) {
    Label end = new Label("end");
    asm.note("number = 0x102030405060708;").imm64(R3, 0x0102030405060708L).imm64(R4, -2);
    for (Size size : Size.values()) {
      asm.store(size, R10, -16, R3).store(size, R10, -8, -7).load(size, R1, R10, -16);
    }
    asm.jump(R4, EQ, -3, end);
    return asm.note("*count += number;")
        .store(U64, R10, -16, 0)
        .atomicAdd(U64, R10, -16, R3)
        .atomicAdd(U32, R10, -8, R3)
        .atomicFetchAdd(U64, R10, -16, R3)
        .atomicFetchAdd(U32, R10, -8, R4)
        .jump(end)
        .bind(end);
  }
}
