/**
 * A small assembler for the kernel's BPF machine: no compiler, no object files, nothing of the
 * running kernel. Programs here have 20 to 80 instructions, and their stores are generated from a
 * user's layout, which a builder does better than text.
 *
 * <p>In reading order: {@link io.taskstorage.bpf.asm.Asm} builds, with {@link
 * io.taskstorage.bpf.asm.Reg}, {@link io.taskstorage.bpf.asm.Size}, {@link
 * io.taskstorage.bpf.asm.Cond}, {@link io.taskstorage.bpf.asm.AluOp}, {@link
 * io.taskstorage.bpf.asm.Helper} and {@link io.taskstorage.bpf.asm.Label} as its words; {@link
 * io.taskstorage.bpf.asm.Insn} is one instruction as data; {@link io.taskstorage.bpf.asm.Code} is
 * the checked whole; {@link io.taskstorage.bpf.asm.Listing} prints it as the verifier does. {@code
 * io.taskstorage.bpf.Program} loads it.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) What is written fits: an offset, a stack place or a jump that an instruction cannot
 *       hold is refused, never cut.
 *   <li>(B) Each label is bound once and reached at least once.
 *   <li>(C) Code names maps and kernel functions; descriptors and type ids come at load. So code
 *       and its listing are data that can be compared, kept in a golden file and printed.
 *   <li>(D) The assembler knows no rule of the verifier but the form of an instruction and the size
 *       of the frame: the verifier says the rest, and {@code VerifierException} puts the program's
 *       own note beside it.
 * </ul>
 *
 * <p>An example: for every task that has an entry in the task storage map {@code entries}, a task
 * iterator writes 7 into the field {@code hits} of the value, in place, as a program does that owns
 * a field. Registers have role names, and the notes read alone are the program.
 *
 * {@snippet :
 * private static final Reg TASK = Reg.R6;
 *
 * static Code writeHits(int hitsOffset) {
 *   Label out = new Label("out");
 *   return new Asm()
 *       .note("task = ctx->task;")
 *       .load(U64, TASK, R1, 8)
 *       .note("if (!task) return 0;")
 *       .jump(TASK, EQ, 0, out)
 *       .note("entry = bpf_task_storage_get(&entries, task, NULL, 0);")
 *       .map(R1, "entries").mov(R2, TASK).mov(R3, 0).mov(R4, 0).call(TASK_STORAGE_GET)
 *       .note("if (!entry) return 0;")
 *       .jump(R0, EQ, 0, out)
 *       .note("entry->hits = 7;")
 *       .store(U64, R0, hitsOffset, 7)
 *       .bind(out)
 *       .note("return 0;")
 *       .mov(R0, 0).exit()
 *       .code();
 * }
 *
 * ProgramSpec spec =
 *     new ProgramSpec(
 *         "write_hits", new ProgramType.Iterator("task", false), "GPL", writeHits(8));
 * try (Program program = Program.load(spec, Map.of("entries", map));
 *     IterLink link = IterLink.create(program, new TaskFilter.AllTasks());
 *     IterReader reader = IterReader.open(link)) {
 *   reader.readAll();
 * }
 * }
 */
@NullMarked
package io.taskstorage.bpf.asm;

import org.jspecify.annotations.NullMarked;
