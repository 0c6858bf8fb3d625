package io.taskstorage.bpf.asm;

import java.util.Locale;

/**
 * A helper function of the kernel that programs call by number ({@code enum bpf_func_id} in
 * include/uapi/linux/bpf.h). Arguments go in {@code R1} to {@code R5}, the result comes in {@code
 * R0}.
 */
public enum Helper {
  /** {@code void *bpf_map_lookup_elem(map, key)}: NULL when there is no such element. */
  MAP_LOOKUP_ELEM(1),
  /** {@code long bpf_map_update_elem(map, key, value, flags)}. */
  MAP_UPDATE_ELEM(2),
  /** {@code long bpf_map_delete_elem(map, key)}. */
  MAP_DELETE_ELEM(3),
  /** {@code u64 bpf_ktime_get_ns()}. */
  KTIME_GET_NS(5),
  /** {@code u64 bpf_get_current_pid_tgid()}: tgid in the upper half, pid in the lower. */
  GET_CURRENT_PID_TGID(14),
  /** {@code u64 bpf_get_current_cgroup_id()}. */
  GET_CURRENT_CGROUP_ID(80),
  /** {@code long bpf_seq_write(seq, data, length)}: only in iterator programs. */
  SEQ_WRITE(127),
  /** {@code long bpf_ringbuf_output(ringbuf, data, size, flags)}. */
  RINGBUF_OUTPUT(130),
  /** {@code void *bpf_ringbuf_reserve(ringbuf, size, flags)}: NULL when there is no room. */
  RINGBUF_RESERVE(131),
  /** {@code void bpf_ringbuf_submit(data, flags)}. */
  RINGBUF_SUBMIT(132),
  /** {@code void bpf_ringbuf_discard(data, flags)}. */
  RINGBUF_DISCARD(133),
  /** {@code u64 bpf_ringbuf_query(ringbuf, flags)}. */
  RINGBUF_QUERY(134),
  /** {@code void *bpf_task_storage_get(map, task, value, flags)}: NULL when there is no entry. */
  TASK_STORAGE_GET(156),
  /** {@code long bpf_task_storage_delete(map, task)}. */
  TASK_STORAGE_DELETE(157),
  /** {@code struct task_struct *bpf_get_current_task_btf()}: needs a GPL-compatible license. */
  GET_CURRENT_TASK_BTF(158);

  private final int number;

  Helper(int number) {
    this.number = number;
  }

  /** The number in the call instruction. */
  public int number() {
    return number;
  }

  /** The function's name, e.g. {@code bpf_task_storage_get}. */
  public String kernelName() {
    return "bpf_" + name().toLowerCase(Locale.ROOT);
  }
}
