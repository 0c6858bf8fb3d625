package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.asm.Cond;
import io.taskstorage.bpf.asm.Helper;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import io.taskstorage.bpf.asm.Size;
import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.MemorySegment;

/** The few programs that rows speak of. They know one map, by the name {@code map}. */
final class Programs {
  private static final int BPF_F_SLEEPABLE = 1 << 4;
  private static final int BPF_LOCAL_STORAGE_GET_F_CREATE = 1;
  private static final int LOG_BYTES = 65536;

  private Programs() {}

  /** What the verifier said to a program. */
  record Loaded(long result, String log) {}

  /** syscall: the entry of the current task, made if need be, begins with this number. */
  static Code setCurrent(int number) {
    Label out = new Label("out");
    return new Asm()
        .note("entry = bpf_task_storage_get(&map, bpf_get_current_task_btf(), NULL, F_CREATE);")
        .call(Helper.GET_CURRENT_TASK_BTF)
        .map(Reg.R1, "map")
        .mov(Reg.R2, Reg.R0)
        .mov(Reg.R3, 0)
        .mov(Reg.R4, BPF_LOCAL_STORAGE_GET_F_CREATE)
        .call(Helper.TASK_STORAGE_GET)
        .note("if (!entry) return 0;")
        .jump(Reg.R0, Cond.EQ, 0, out)
        .note("*entry = number;")
        .store(Size.U64, Reg.R0, 0, number)
        .bind(out)
        .note("return 0;")
        .mov(Reg.R0, 0)
        .exit()
        .code();
  }

  /** socket filter: looks a key up in the map by the helper for ordinary maps. */
  static Code lookup() {
    return new Asm()
        .note("bpf_map_lookup_elem(&map, &(u32){0});")
        .store(Size.U32, Reg.R10, -4, 0)
        .map(Reg.R1, "map")
        .address(Reg.R2, Reg.R10, -4)
        .call(Helper.MAP_LOOKUP_ELEM)
        .note("return 0;")
        .mov(Reg.R0, 0)
        .exit()
        .code();
  }

  static Loaded load(Scene scene, int type, Code code, int map) {
    MemorySegment log = scene.arena().allocate(LOG_BYTES);
    int flags = type == Uapi.BPF_PROG_TYPE_SYSCALL ? BPF_F_SLEEPABLE : 0;
    Attr attr =
        Attr.zeroed(scene.arena(), Uapi.PROG_LOAD_SIZE)
            .u32(Uapi.PROG_LOAD_PROG_TYPE, type)
            .u32(Uapi.PROG_LOAD_INSN_CNT, code.slots())
            .bytes(Uapi.PROG_LOAD_INSNS, code.bytes(name -> map, name -> 0))
            .string(Uapi.PROG_LOAD_LICENSE, "GPL")
            .u32(Uapi.PROG_LOAD_LOG_LEVEL, 1)
            .u32(Uapi.PROG_LOAD_LOG_SIZE, LOG_BYTES)
            .pointer(Uapi.PROG_LOAD_LOG_BUF, log)
            .u32(Uapi.PROG_LOAD_PROG_FLAGS, flags);
    long result = Syscall.bpf(Uapi.BPF_PROG_LOAD, attr.segment());
    return new Loaded(result, log.getString(0));
  }

  /** Loads {@link #setCurrent} with this descriptor of the map, and runs it in this thread. */
  static Answer setCurrent(Scene scene, int map, int number) {
    Loaded loaded = load(scene, Uapi.BPF_PROG_TYPE_SYSCALL, setCurrent(number), map);
    assertThat(loaded.result()).as(loaded.log()).isPositive();
    int program = scene.descriptor(loaded.result());
    Attr attr = Attr.zeroed(scene.arena(), Uapi.PROG_RUN_SIZE).u32(Uapi.PROG_RUN_PROG_FD, program);
    return Answer.of(Syscall.bpf(Uapi.BPF_PROG_RUN, attr.segment()));
  }
}
