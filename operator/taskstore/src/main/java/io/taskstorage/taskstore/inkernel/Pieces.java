package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.bpf.asm.Cond.EQ;
import static io.taskstorage.bpf.asm.Cond.NE;
import static io.taskstorage.bpf.asm.Helper.MAP_LOOKUP_ELEM;
import static io.taskstorage.bpf.asm.Helper.RINGBUF_RESERVE;
import static io.taskstorage.bpf.asm.Helper.RINGBUF_SUBMIT;
import static io.taskstorage.bpf.asm.Reg.R0;
import static io.taskstorage.bpf.asm.Reg.R1;
import static io.taskstorage.bpf.asm.Reg.R10;
import static io.taskstorage.bpf.asm.Reg.R2;
import static io.taskstorage.bpf.asm.Reg.R3;
import static io.taskstorage.bpf.asm.Size.U32;
import static io.taskstorage.bpf.asm.Size.U64;

import io.taskstorage.bpf.ProgramSpec;
import io.taskstorage.bpf.ProgramType;
import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import java.util.Locale;

/** Pieces of pseudo-C that several programs have in common. */
final class Pieces {
  /** As deep a cgroup may lie below the one with the row that decides. */
  static final int LEVELS = 40;

  /** What most helpers demand. */
  static final String LICENSE = "GPL";

  private final KernelOffsets offsets;

  Pieces(KernelOffsets offsets) {
    this.offsets = offsets;
  }

  KernelOffsets offsets() {
    return offsets;
  }

  /**
   * {@code cgroup = task->cgroups->dfl_cgrp}; R0 to R5 are lost.
   *
   * <p>It is read through an untrusted alias of the task where the kernel makes one, and so is all
   * that is reached from it. For each pointer that is read through a trusted one the verifier
   * searches all types of the kernel several times (since 6.3), which was most of what a load cost.
   */
  void cgroupOf(Asm asm, Reg cgroup, Reg task) {
    Reg from = task;
    if (offsets.castableTask() != 0) {
      asm.mov(R1, task).mov(R2, offsets.castableTask()).kfunc("bpf_rdonly_cast");
      from = R0;
    }
    asm.load(U64, cgroup, from, offsets.taskCgroups())
        .load(U64, cgroup, cgroup, offsets.setCgroup());
  }

  /** {@code id = cgroup->kn->id}. */
  void idOf(Asm asm, Reg id, Reg cgroup) {
    asm.load(U64, id, cgroup, offsets.cgroupNode()).load(U64, id, id, offsets.nodeId());
  }

  /**
   * {@code R0 = the row of the cgroup or of its nearest ancestor that has one, or NULL}.
   *
   * @param cgroup stays as it is
   * @param at lost: the ancestor that is looked at
   * @param level how many cgroups are left to look at, 0 where neither a row nor the root was found
   */
  void walk(Asm asm, Reg cgroup, Reg at, Reg level) {
    Label up = new Label("up");
    Label walked = new Label("walked");
    asm.note("row = nearest(cgroup);")
        .mov(at, cgroup)
        .mov(level, LEVELS)
        .bind(up)
        .note("  row = bpf_map_lookup_elem(&assignments, &at->kn->id);");
    idOf(asm, R1, at);
    asm.store(U64, R10, Frame.CGROUP_ID, R1)
        .map(R1, ProgramMaps.ASSIGNMENTS)
        .address(R2, R10, Frame.CGROUP_ID)
        .call(MAP_LOOKUP_ELEM)
        .note("  if (row) break;")
        .jump(R0, NE, 0, walked)
        .note("  if (!at->self.parent) break;")
        .load(U64, at, at, offsets.cgroupParent())
        .jump(at, EQ, 0, walked)
        .note("  at = at->self.parent->cgroup;")
        .load(U64, at, at, offsets.subsystemCgroup())
        .note("  while (--level);")
        .add(level, -1)
        .jump(level, NE, 0, up)
        .bind(walked);
  }

  /**
   * {@code tally = &tallies[number]}, kept in the frame; goes to {@code out} without one, and where
   * the set is retired.
   */
  void tally(Asm asm, int number, Label out) {
    asm.note("tally = bpf_map_lookup_elem(&tallies, &(u32){%d});".formatted(number))
        .store(U32, R10, Frame.INDEX, number)
        .map(R1, ProgramMaps.TALLIES)
        .address(R2, R10, Frame.INDEX)
        .call(MAP_LOOKUP_ELEM)
        .note("if (!tally) return 0;")
        .jump(R0, EQ, 0, out)
        .store(U64, R10, Frame.TALLY, R0)
        .note("if (tally->retired) return 0;")
        .load(U64, R1, R0, TallyField.RETIRED.offset())
        .jump(R1, NE, 0, out);
  }

  /** {@code tally->field++}, with the first map; R1 and R2 are lost. */
  void count(Asm asm, TallyField field) {
    count(asm, field, 0);
  }

  /** {@code tally->map[].field++}; R1 and R2 are lost. */
  void count(Asm asm, TallyField field, int map) {
    asm.note("tally->map[%d].%s++;".formatted(map, field.name().toLowerCase(Locale.ROOT)))
        .load(U64, R1, R10, Frame.TALLY)
        .mov(R2, 1)
        .atomicAdd(U64, R1, field.offset(map), R2);
  }

  /** An event about a task, or its loss counted; R0 to R5 are lost. */
  void tell(Asm asm, Event.Kind kind, Reg task) {
    Label told = new Label("told");
    Label lost = reserve(asm);
    asm.note("*event = { %s, task->pid, task->tgid };".formatted(kind))
        .store(U32, R0, Event.KIND, kind.number())
        .load(U32, R1, task, offsets.taskPid())
        .store(U32, R0, Event.TASK, R1)
        .load(U32, R1, task, offsets.taskTgid())
        .store(U32, R0, Event.PROCESS, R1)
        .store(U32, R0, Event.PROCESS + 4, 0)
        .store(U64, R0, Event.CGROUP, 0);
    submit(asm, lost, told);
  }

  /** An event about a cgroup, or its loss counted; R0 to R5 are lost. */
  void tellOfCgroup(Asm asm, Event.Kind kind, Reg cgroup) {
    Label told = new Label("told");
    Label lost = reserve(asm);
    asm.note("*event = { %s, .cgroup = cgroup->kn->id };".formatted(kind))
        .store(U32, R0, Event.KIND, kind.number())
        .store(U32, R0, Event.TASK, 0)
        .store(U64, R0, Event.PROCESS, 0);
    idOf(asm, R1, cgroup);
    asm.store(U64, R0, Event.CGROUP, R1);
    submit(asm, lost, told);
  }

  private static Label reserve(Asm asm) {
    Label lost = new Label("lost");
    asm.note("event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);")
        .map(R1, ProgramMaps.EVENTS)
        .mov(R2, Event.BYTES)
        .mov(R3, 0)
        .call(RINGBUF_RESERVE)
        .note("if (!event) goto lost;")
        .jump(R0, EQ, 0, lost);
    return lost;
  }

  private void submit(Asm asm, Label lost, Label told) {
    asm.note("bpf_ringbuf_submit(event, 0);")
        .mov(R1, R0)
        .mov(R2, 0)
        .call(RINGBUF_SUBMIT)
        .jump(told)
        .bind(lost);
    count(asm, TallyField.LOST);
    asm.bind(told);
  }

  /** The whole program; {@code out} is where it returns 0. */
  static ProgramSpec program(String name, ProgramType type, Asm asm, Label out) {
    return new ProgramSpec(
        name, type, LICENSE, asm.bind(out).note("return 0;").mov(R0, 0).exit().code());
  }
}
