package io.taskstorage.bpf.sys;

/**
 * Numbers of the kernel's user-space ABI that concern programs and links: info structures and what
 * memory mapping needs. Names are the kernel's (include/uapi/linux/bpf.h); a test compares them
 * with the running kernel's BTF.
 */
public final class ObjectInfo {
  private ObjectInfo() {}

  /** prog_flags of a program that may sleep. */
  public static final int BPF_F_SLEEPABLE = 1 << 4;

  // enum bpf_link_type
  public static final int BPF_LINK_TYPE_RAW_TRACEPOINT = 1;
  public static final int BPF_LINK_TYPE_ITER = 4;

  // struct bpf_prog_info
  public static final int PROG_INFO_TYPE = 0;
  public static final int PROG_INFO_ID = 4;
  public static final int PROG_INFO_TAG = 8;
  public static final int PROG_INFO_NR_MAP_IDS = 52;
  public static final int PROG_INFO_MAP_IDS = 56;
  public static final int PROG_INFO_NAME = 64;
  public static final int PROG_INFO_RUN_TIME_NS = 192;
  public static final int PROG_INFO_RUN_CNT = 200;
  public static final int PROG_INFO_RECURSION_MISSES = 208;
  public static final int PROG_INFO_ATTACH_BTF_ID = 224;
  public static final int PROG_INFO_SIZE = 232;

  /** BPF_TAG_SIZE. */
  public static final int TAG_BYTES = 8;

  // struct bpf_link_info; its union begins at 16
  public static final int LINK_INFO_TYPE = 0;
  public static final int LINK_INFO_ID = 4;
  public static final int LINK_INFO_PROG_ID = 8;
  public static final int LINK_INFO_TP_NAME = 16;
  public static final int LINK_INFO_TP_NAME_LEN = 24;
  public static final int LINK_INFO_ITER_TARGET_NAME = 16;
  public static final int LINK_INFO_ITER_TARGET_NAME_LEN = 24;
  public static final int LINK_INFO_ITER_TASK_TID = 32;
  public static final int LINK_INFO_ITER_TASK_PID = 36;
  public static final int LINK_INFO_SIZE = 64;

  // union bpf_iter_link_info, member "task"
  public static final int ITER_LINK_INFO_TASK_TID = 0;
  public static final int ITER_LINK_INFO_TASK_PID = 4;
  public static final int ITER_LINK_INFO_SIZE = 16;

  // mmap(2)
  public static final int PROT_READ = 1;
  public static final int PROT_WRITE = 2;
  public static final int MAP_SHARED = 1;
}
