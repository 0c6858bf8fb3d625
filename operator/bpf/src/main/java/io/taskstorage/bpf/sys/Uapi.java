package io.taskstorage.bpf.sys;

/**
 * Numbers of the kernel's user-space ABI: system calls, bpf(2) commands, flags, and the offsets of
 * attribute and info structures on 64-bit machines.
 *
 * <p>Names are the kernel's (include/uapi/linux/bpf.h); an offset is named after structure and
 * member. A test compares every one of them with the running kernel's own BTF.
 */
public final class Uapi {
  private Uapi() {}

  private static final boolean X86_64 = Machine.current() == Machine.X86_64;

  // System calls: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
  public static final int SYS_READ = X86_64 ? 0 : 63;
  public static final int SYS_WRITE = X86_64 ? 1 : 64;
  public static final int SYS_CLOSE = X86_64 ? 3 : 57;
  public static final int SYS_PPOLL = X86_64 ? 271 : 73;
  public static final int SYS_MMAP = X86_64 ? 9 : 222;
  public static final int SYS_MUNMAP = X86_64 ? 11 : 215;
  public static final int SYS_FCNTL = X86_64 ? 72 : 25;
  public static final int SYS_FLOCK = X86_64 ? 73 : 32;
  public static final int SYS_STATFS = X86_64 ? 137 : 43;
  public static final int SYS_STATX = X86_64 ? 332 : 291;
  public static final int SYS_GETDENTS64 = X86_64 ? 217 : 61;
  public static final int SYS_MOUNT = X86_64 ? 165 : 40;
  public static final int SYS_UMOUNT2 = X86_64 ? 166 : 39;
  public static final int SYS_UNLINKAT = X86_64 ? 263 : 35;
  public static final int SYS_OPENAT = X86_64 ? 257 : 56;
  public static final int SYS_EPOLL_CREATE1 = X86_64 ? 291 : 20;
  public static final int SYS_EPOLL_CTL = X86_64 ? 233 : 21;
  public static final int SYS_EPOLL_PWAIT = X86_64 ? 281 : 22;
  public static final int SYS_EVENTFD2 = X86_64 ? 290 : 19;
  public static final int SYS_BPF = X86_64 ? 321 : 280;
  public static final int SYS_PIDFD_SEND_SIGNAL = 424;
  public static final int SYS_PIDFD_OPEN = 434;

  // enum bpf_cmd
  public static final int BPF_MAP_CREATE = 0;
  public static final int BPF_MAP_LOOKUP_ELEM = 1;
  public static final int BPF_MAP_UPDATE_ELEM = 2;
  public static final int BPF_MAP_DELETE_ELEM = 3;
  public static final int BPF_MAP_GET_NEXT_KEY = 4;
  public static final int BPF_PROG_LOAD = 5;
  public static final int BPF_OBJ_PIN = 6;
  public static final int BPF_OBJ_GET = 7;
  public static final int BPF_PROG_RUN = 10;
  public static final int BPF_MAP_GET_NEXT_ID = 12;
  public static final int BPF_MAP_GET_FD_BY_ID = 14;
  public static final int BPF_OBJ_GET_INFO_BY_FD = 15;
  public static final int BPF_RAW_TRACEPOINT_OPEN = 17;
  public static final int BPF_BTF_LOAD = 18;
  public static final int BPF_BTF_GET_FD_BY_ID = 19;
  public static final int BPF_MAP_LOOKUP_AND_DELETE_ELEM = 21;
  public static final int BPF_MAP_FREEZE = 22;
  public static final int BPF_MAP_LOOKUP_BATCH = 24;
  public static final int BPF_MAP_LOOKUP_AND_DELETE_BATCH = 25;
  public static final int BPF_MAP_UPDATE_BATCH = 26;
  public static final int BPF_MAP_DELETE_BATCH = 27;
  public static final int BPF_LINK_CREATE = 28;
  public static final int BPF_ITER_CREATE = 33;

  // enum bpf_map_type
  public static final int BPF_MAP_TYPE_HASH = 1;
  public static final int BPF_MAP_TYPE_ARRAY = 2;
  public static final int BPF_MAP_TYPE_PERCPU_ARRAY = 6;
  public static final int BPF_MAP_TYPE_ARRAY_OF_MAPS = 12;
  public static final int BPF_MAP_TYPE_RINGBUF = 27;
  public static final int BPF_MAP_TYPE_TASK_STORAGE = 29;

  // enum bpf_prog_type
  public static final int BPF_PROG_TYPE_SOCKET_FILTER = 1;
  public static final int BPF_PROG_TYPE_RAW_TRACEPOINT = 17;
  public static final int BPF_PROG_TYPE_TRACING = 26;
  public static final int BPF_PROG_TYPE_LSM = 29;
  public static final int BPF_PROG_TYPE_SYSCALL = 31;

  // enum bpf_attach_type
  public static final int BPF_TRACE_RAW_TP = 23;
  public static final int BPF_TRACE_FENTRY = 24;
  public static final int BPF_LSM_MAC = 27;
  public static final int BPF_TRACE_ITER = 28;

  // Map creation flags
  public static final int BPF_F_NO_PREALLOC = 1;
  public static final int BPF_F_RDONLY = 1 << 3;
  public static final int BPF_F_WRONLY = 1 << 4;
  public static final int BPF_F_CLONE = 1 << 9;

  // Element update flags
  public static final int BPF_ANY = 0;
  public static final int BPF_NOEXIST = 1;
  public static final int BPF_EXIST = 2;
  public static final int BPF_F_LOCK = 4;

  /** Longest object name, the NUL included. */
  public static final int BPF_OBJ_NAME_LEN = 16;

  // union bpf_attr: BPF_MAP_CREATE
  public static final int MAP_CREATE_MAP_TYPE = 0;
  public static final int MAP_CREATE_KEY_SIZE = 4;
  public static final int MAP_CREATE_VALUE_SIZE = 8;
  public static final int MAP_CREATE_MAX_ENTRIES = 12;
  public static final int MAP_CREATE_MAP_FLAGS = 16;
  public static final int MAP_CREATE_INNER_MAP_FD = 20;
  public static final int MAP_CREATE_MAP_NAME = 28;
  public static final int MAP_CREATE_BTF_FD = 48;
  public static final int MAP_CREATE_BTF_KEY_TYPE_ID = 52;
  public static final int MAP_CREATE_BTF_VALUE_TYPE_ID = 56;

  /** Up to map_extra: every kernel with task storage maps knows these fields. */
  public static final int MAP_CREATE_SIZE = 72;

  // union bpf_attr: element commands
  public static final int ELEM_MAP_FD = 0;
  public static final int ELEM_KEY = 8;
  public static final int ELEM_VALUE = 16;
  public static final int ELEM_FLAGS = 24;
  public static final int ELEM_SIZE = 32;
  public static final int MAP_FREEZE_SIZE = 4;

  // union bpf_attr: BPF_MAP_LOOKUP_BATCH (member "batch")
  public static final int BATCH_IN = 0;
  public static final int BATCH_OUT = 8;
  public static final int BATCH_KEYS = 16;
  public static final int BATCH_VALUES = 24;
  public static final int BATCH_COUNT = 32;
  public static final int BATCH_MAP_FD = 36;
  public static final int BATCH_SIZE = 56;

  // union bpf_attr: BPF_BTF_LOAD
  public static final int BTF_LOAD_BTF = 0;
  public static final int BTF_LOAD_LOG_BUF = 8;
  public static final int BTF_LOAD_SIZE_OF_BTF = 16;
  public static final int BTF_LOAD_LOG_SIZE = 20;
  public static final int BTF_LOAD_LOG_LEVEL = 24;
  public static final int BTF_LOAD_SIZE = 28;

  // union bpf_attr: BPF_OBJ_PIN, BPF_OBJ_GET
  public static final int OBJ_PATHNAME = 0;
  public static final int OBJ_BPF_FD = 8;
  public static final int OBJ_FILE_FLAGS = 12;
  public static final int OBJ_SIZE = 16;

  // union bpf_attr: BPF_OBJ_GET_INFO_BY_FD
  public static final int INFO_BPF_FD = 0;
  public static final int INFO_LEN = 4;
  public static final int INFO_INFO = 8;
  public static final int INFO_SIZE = 16;

  // union bpf_attr: BPF_*_GET_NEXT_ID
  public static final int GET_NEXT_ID_START_ID = 0;
  public static final int GET_NEXT_ID_NEXT_ID = 4;
  public static final int GET_NEXT_ID_SIZE = 12;

  // union bpf_attr: BPF_*_GET_FD_BY_ID
  public static final int GET_FD_BY_ID_ID = 0;
  public static final int GET_FD_BY_ID_SIZE = 12;

  // union bpf_attr: BPF_PROG_LOAD
  public static final int PROG_LOAD_PROG_TYPE = 0;
  public static final int PROG_LOAD_INSN_CNT = 4;
  public static final int PROG_LOAD_INSNS = 8;
  public static final int PROG_LOAD_LICENSE = 16;
  public static final int PROG_LOAD_LOG_LEVEL = 24;
  public static final int PROG_LOAD_LOG_SIZE = 28;
  public static final int PROG_LOAD_LOG_BUF = 32;
  public static final int PROG_LOAD_PROG_FLAGS = 44;
  public static final int PROG_LOAD_PROG_NAME = 48;
  public static final int PROG_LOAD_EXPECTED_ATTACH_TYPE = 68;
  public static final int PROG_LOAD_PROG_BTF_FD = 72;
  public static final int PROG_LOAD_ATTACH_BTF_ID = 108;
  public static final int PROG_LOAD_SIZE = 112;

  // union bpf_attr: BPF_PROG_RUN (member "test")
  public static final int PROG_RUN_PROG_FD = 0;
  public static final int PROG_RUN_RETVAL = 4;
  public static final int PROG_RUN_CTX_SIZE_IN = 40;
  public static final int PROG_RUN_CTX_IN = 48;
  public static final int PROG_RUN_SIZE = 80;

  // union bpf_attr: BPF_RAW_TRACEPOINT_OPEN, BPF_LINK_CREATE, BPF_ITER_CREATE
  public static final int RAW_TRACEPOINT_NAME = 0;
  public static final int RAW_TRACEPOINT_PROG_FD = 8;
  public static final int RAW_TRACEPOINT_SIZE = 16;
  public static final int LINK_CREATE_PROG_FD = 0;
  public static final int LINK_CREATE_ATTACH_TYPE = 8;
  public static final int LINK_CREATE_FLAGS = 12;
  public static final int LINK_CREATE_ITER_INFO = 16;
  public static final int LINK_CREATE_ITER_INFO_LEN = 24;
  public static final int LINK_CREATE_SIZE = 28;
  public static final int ITER_CREATE_LINK_FD = 0;
  public static final int ITER_CREATE_SIZE = 8;

  // struct bpf_map_info
  public static final int MAP_INFO_TYPE = 0;
  public static final int MAP_INFO_ID = 4;
  public static final int MAP_INFO_KEY_SIZE = 8;
  public static final int MAP_INFO_VALUE_SIZE = 12;
  public static final int MAP_INFO_MAX_ENTRIES = 16;
  public static final int MAP_INFO_MAP_FLAGS = 20;
  public static final int MAP_INFO_NAME = 24;
  public static final int MAP_INFO_BTF_ID = 64;
  public static final int MAP_INFO_BTF_KEY_TYPE_ID = 68;
  public static final int MAP_INFO_BTF_VALUE_TYPE_ID = 72;
  public static final int MAP_INFO_MAP_EXTRA = 80;
  public static final int MAP_INFO_SIZE = 104;

  // struct bpf_btf_info
  public static final int BTF_INFO_BTF = 0;
  public static final int BTF_INFO_BTF_SIZE = 8;
  public static final int BTF_INFO_ID = 12;
  public static final int BTF_INFO_SIZE = 32;

  // struct linux_dirent64
  public static final int DIRENT_RECLEN = 16;
  public static final int DIRENT_TYPE = 18;
  public static final int DIRENT_NAME = 19;
  public static final int DT_DIR = 4;

  // struct statx
  public static final int STATX_STX_NLINK = 16;
  public static final int STATX_STX_INO = 32;
  public static final int STATX_SIZE = 256;
  public static final int STATX_NLINK = 0x4;
  public static final int STATX_INO = 0x100;

  // open(2), pidfd_open(2), poll(2): the same on x86_64 and arm64 except O_DIRECTORY.
  public static final int F_DUPFD_CLOEXEC = 1030;
  public static final int AT_FDCWD = -100;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_DIRECTORY = X86_64 ? 0x10000 : 0x4000;

  /** PIDFD_THREAD is O_EXCL; since Linux 6.9. */
  public static final int PIDFD_THREAD = 0x80;

  public static final int POLLIN = 0x1;
  public static final int POLLHUP = 0x10;
  public static final int LOCK_SH = 1;
  public static final int LOCK_EX = 2;
  public static final int LOCK_NB = 4;
  public static final int MNT_DETACH = 2;

  /** The magic number of bpffs (include/uapi/linux/magic.h). */
  public static final long BPF_FS_MAGIC = 0xcafe4a11L;
}
