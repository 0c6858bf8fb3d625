package io.taskstorage.bpf.asm;

import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Cond.NE;
import static io.taskstorage.bpf.asm.Helper.GET_CURRENT_TASK_BTF;
import static io.taskstorage.bpf.asm.Helper.MAP_LOOKUP_ELEM;
import static io.taskstorage.bpf.asm.Helper.RINGBUF_RESERVE;
import static io.taskstorage.bpf.asm.Helper.RINGBUF_SUBMIT;
import static io.taskstorage.bpf.asm.Helper.SEQ_WRITE;
import static io.taskstorage.bpf.asm.Helper.TASK_STORAGE_GET;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R3;
import static io.taskstorage.bpf.asm.Reg.R4;
import static io.taskstorage.bpf.asm.Reg.R6;
import static io.taskstorage.bpf.asm.Reg.R7;
import static io.taskstorage.bpf.asm.Reg.R8;
import static io.taskstorage.bpf.asm.Size.U32;
import static io.taskstorage.bpf.asm.Size.U64;

/**
 * The programs that tests list, load and run. Offsets of kernel structs come as arguments: fixed
 * numbers make a golden listing, those of the running kernel make a program that loads.
 */
public final class SamplePrograms {

  /** BPF_LOCAL_STORAGE_GET_F_CREATE. */
  private static final int F_CREATE = 1;

  /** How far one instruction reaches into an event, a multiple of 8. */
  private static final int LARGEST_REACH = 32760;

  private static final Reg CTX = R6;
  private static final Reg TASK = R7;
  private static final Reg ENTRY = R8;

  private SamplePrograms() {}

  /** Where the running kernel keeps two fields of a task. */
  public record TaskOffsets(int pid, int tgid) {
    /** Made up, the same everywhere. */
    public static final TaskOffsets FIXED = new TaskOffsets(1000, 1004);
  }

  /**
   * iter/task: for each task with an entry a record {u32 pid, u32 tgid, value}.
   *
   * @param valueSize a multiple of 8
   */
  public static Code dumpEntries(TaskOffsets offsets, int valueSize) {
    int record = -(8 + valueSize);
    Label out = new Label("out");
    Asm asm =
        new Asm()
            .note("task = ctx->task;")
            .mov(CTX, R1)
            .load(U64, TASK, CTX, 8)
            .note("if (!task) return 0;")
            .jump(TASK, EQ, 0, out)
            .note("entry = bpf_task_storage_get(&entries, task, NULL, 0);")
            .map(R1, "entries")
            .mov(R2, TASK)
            .mov(R3, 0)
            .mov(R4, 0)
            .call(TASK_STORAGE_GET)
            .note("if (!entry) return 0;")
            .jump(R0, EQ, 0, out)
            .mov(ENTRY, R0)
            .note("record = { task->pid, task->tgid, *entry };")
            .load(U32, R1, TASK, offsets.pid())
            .store(U32, R10, record, R1)
            .load(U32, R1, TASK, offsets.tgid())
            .store(U32, R10, record + 4, R1);
    for (int at = 0; at < valueSize; at += 8) {
      asm.load(U64, R1, ENTRY, at).store(U64, R10, record + 8 + at, R1);
    }
    return asm.note("bpf_seq_write(ctx->meta->seq, &record, sizeof(record));")
        .load(U64, R1, CTX, 0)
        .load(U64, R1, R1, 0)
        .address(R2, R10, record)
        .mov(R3, 8 + valueSize)
        .call(SEQ_WRITE)
        .bind(out)
        .note("return 0;")
        .mov(R0, 0)
        .exit()
        .code();
  }

  /** iter/task: for each task its pid, u32. */
  public static Code dumpPids(TaskOffsets offsets) {
    Label out = new Label("out");
    return new Asm()
        .note("task = ctx->task;")
        .load(U64, TASK, R1, 8)
        .note("if (!task) return 0;")
        .jump(TASK, EQ, 0, out)
        .note("pid = task->pid;")
        .load(U32, R2, TASK, offsets.pid())
        .store(U32, R10, -4, R2)
        .note("bpf_seq_write(ctx->meta->seq, &pid, sizeof(pid));")
        .load(U64, R1, R1, 0)
        .load(U64, R1, R1, 0)
        .address(R2, R10, -4)
        .mov(R3, 4)
        .call(SEQ_WRITE)
        .bind(out)
        .note("return 0;")
        .mov(R0, 0)
        .exit()
        .code();
  }

  /** iter/task, the example of the package's documentation: each entry's field becomes 7. */
  public static Code writeHits(int hitsOffset) {
    Label out = new Label("out");
    return new Asm()
        .note("task = ctx->task;")
        .load(U64, TASK, R1, 8)
        .note("if (!task) return 0;")
        .jump(TASK, EQ, 0, out)
        .note("entry = bpf_task_storage_get(&entries, task, NULL, 0);")
        .map(R1, "entries")
        .mov(R2, TASK)
        .mov(R3, 0)
        .mov(R4, 0)
        .call(TASK_STORAGE_GET)
        .note("if (!entry) return 0;")
        .jump(R0, EQ, 0, out)
        .note("entry->hits = 7;")
        .store(U64, R0, hitsOffset, 7)
        .bind(out)
        .note("return 0;")
        .mov(R0, 0)
        .exit()
        .code();
  }

  /** iter/task: for each task the first element of an array, as one record. */
  public static Code writeBuffer(String array, int bytes) {
    Label out = new Label("out");
    return new Asm()
        .note("buffer = bpf_map_lookup_elem(&array, &(u32){0});")
        .mov(CTX, R1)
        .store(U32, R10, -4, 0)
        .map(R1, array)
        .address(R2, R10, -4)
        .call(MAP_LOOKUP_ELEM)
        .note("if (!buffer) return 0;")
        .jump(R0, EQ, 0, out)
        .note("bpf_seq_write(ctx->meta->seq, buffer, sizeof(*buffer));")
        .load(U64, R1, CTX, 0)
        .load(U64, R1, R1, 0)
        .mov(R2, R0)
        .mov(R3, bytes)
        .call(SEQ_WRITE)
        .bind(out)
        .note("return 0;")
        .mov(R0, 0)
        .exit()
        .code();
  }

  /** tp_btf/task_newtask: the child starts with its creator's value. */
  public static Code inherit() {
    Label out = new Label("out");
    return new Asm()
        .note("child = ctx[0];")
        .load(U64, TASK, R1, 0)
        .note("if (!child) return 0;")
        .jump(TASK, EQ, 0, out)
        .note("value = bpf_task_storage_get(&entries, bpf_get_current_task_btf(), NULL, 0);")
        .call(GET_CURRENT_TASK_BTF)
        .map(R1, "entries")
        .mov(R2, R0)
        .mov(R3, 0)
        .mov(R4, 0)
        .call(TASK_STORAGE_GET)
        .note("if (!value) return 0;")
        .jump(R0, EQ, 0, out)
        .note("bpf_task_storage_get(&entries, child, value, F_CREATE);")
        .map(R1, "entries")
        .mov(R2, TASK)
        .mov(R3, R0)
        .mov(R4, F_CREATE)
        .call(TASK_STORAGE_GET)
        .bind(out)
        .note("return 0;")
        .mov(R0, 0)
        .exit()
        .code();
  }

  /**
   * tp_btf/task_newtask: an event {u32 pid, u32 tgid, zeros} into the ring buffer {@code events};
   * {@code counts} has two elements, runs of the program and events lost.
   *
   * @param size bytes of an event, a multiple of 8
   */
  public static Code newtaskEvents(TaskOffsets offsets, int size) {
    Label lost = new Label("lost");
    Label out = new Label("out");
    Asm asm =
        new Asm()
            .note("child = ctx[0];")
            .load(U64, TASK, R1, 0)
            .note("if (!child) return 0;")
            .jump(TASK, EQ, 0, out);
    count(asm, 0, out);
    asm.note("event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);")
        .map(R1, "events")
        .mov(R2, size)
        .mov(R3, 0)
        .call(RINGBUF_RESERVE)
        .note("if (!event) goto lost;")
        .jump(R0, EQ, 0, lost)
        .note("*event = { child->pid, child->tgid };")
        .load(U32, R1, TASK, offsets.pid())
        .store(U32, R0, 0, R1)
        .load(U32, R1, TASK, offsets.tgid())
        .store(U32, R0, 4, R1)
        .note("event->last = child->pid;")
        .load(U32, R1, TASK, offsets.pid())
        .store(U64, R0, Math.min(size, LARGEST_REACH) - 8, R1)
        .note("bpf_ringbuf_submit(event, 0);")
        .mov(R1, R0)
        .mov(R2, 0)
        .call(RINGBUF_SUBMIT)
        .note("return 0;")
        .jump(out)
        .bind(lost);
    count(asm, 1, out);
    return asm.bind(out).note("return 0;").mov(R0, 0).exit().code();
  }

  private static void count(Asm asm, int element, Label out) {
    asm.note("count = bpf_map_lookup_elem(&counts, &(u32){" + element + "});")
        .store(U32, R10, -4, element)
        .map(R1, "counts")
        .address(R2, R10, -4)
        .call(MAP_LOOKUP_ELEM)
        .note("if (!count) return 0;")
        .jump(R0, EQ, 0, out)
        .note("__sync_fetch_and_add(count, 1);")
        .mov(R1, 1)
        .atomicAdd(U64, R0, 0, R1);
  }

  /**
   * syscall: ctx is {u32 tid, u32 zero, u64 number}; writes the number in place into the entry of
   * that task, as the program that owns the field would, and hands the old one back in ctx. Returns
   * 0, or 1 when there is no such task, or 2 when it has no entry.
   */
  public static Code writeField(int fieldOffset) {
    Label found = new Label("found");
    Label release = new Label("release");
    return new Asm()
        .note("task = bpf_task_from_pid(ctx->tid);")
        .mov(CTX, R1)
        .load(U32, R1, CTX, 0)
        .kfunc("bpf_task_from_pid")
        .note("if (!task) return 1;")
        .jump(R0, NE, 0, found)
        .mov(R0, 1)
        .exit()
        .bind(found)
        .mov(TASK, R0)
        .note("status = 2;")
        .mov(ENTRY, 2)
        .note("entry = bpf_task_storage_get(&entries, task, NULL, 0);")
        .map(R1, "entries")
        .mov(R2, TASK)
        .mov(R3, 0)
        .mov(R4, 0)
        .call(TASK_STORAGE_GET)
        .note("if (!entry) goto release;")
        .jump(R0, EQ, 0, release)
        .note("swap(entry->field, ctx->number);")
        .load(U64, R1, CTX, 8)
        .load(U64, R2, R0, fieldOffset)
        .store(U64, R0, fieldOffset, R1)
        .store(U64, CTX, 8, R2)
        .note("status = 0;")
        .mov(ENTRY, 0)
        .bind(release)
        .note("bpf_task_release(task);")
        .mov(R1, TASK)
        .kfunc("bpf_task_release")
        .note("return status;")
        .mov(R0, ENTRY)
        .exit()
        .code();
  }
}
