package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A task storage map of the kernel. Closing it releases the descriptor; the map itself lives on
 * while a pin, a program or another descriptor refers to it.
 *
 * <p>Owned by the thread that opened it: attribute, key and value memory are allocated once and
 * used by every call, so that an element operation costs little more than the system call.
 */
public final class BpfMap implements TaskEntries, KernelMap {
  /** Two writers of one task meet as EAGAIN in about a fifth of the updates; each try is 1 us. */
  private static final int UPDATE_TRIES = 1000;

  private final Fd fd;
  private final MapInfo info;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = Syscall.newState(arena);
  private final MemorySegment key = arena.allocate(8, 8);
  private final MemorySegment value;
  private final MemorySegment element = arena.allocate(Uapi.ELEM_SIZE, 8);
  private final MemorySegment deletion = arena.allocate(Uapi.ELEM_SIZE, 8);
  private long retries;

  private BpfMap(Fd fd, MapInfo info) {
    this.fd = fd;
    this.info = info;
    this.value = arena.allocate(info.valueSize(), 8);
    element.set(ValueLayout.JAVA_INT, Uapi.ELEM_MAP_FD, fd.number());
    element.set(ValueLayout.JAVA_LONG, Uapi.ELEM_KEY, key.address());
    element.set(ValueLayout.JAVA_LONG, Uapi.ELEM_VALUE, value.address());
    deletion.set(ValueLayout.JAVA_INT, Uapi.ELEM_MAP_FD, fd.number());
    deletion.set(ValueLayout.JAVA_LONG, Uapi.ELEM_KEY, key.address());
  }

  /** BPF_BTF_LOAD and BPF_MAP_CREATE. The caller owns the map. */
  public static BpfMap create(MapSpec spec) {
    return of(MapCommands.create(spec), spec.name());
  }

  /**
   * BPF_OBJ_GET of a pin.
   *
   * @throws BpfException ENOENT where there is none, EACCES where it is no bpffs file or its mode
   *     forbids it, EINVAL where it is a pin of something else than a task storage map
   */
  public static BpfMap open(Path pin, Access access) {
    return of(MapCommands.open(pin, access), pin.toString());
  }

  private static BpfMap of(Fd fd, String object) {
    try {
      MapInfo info = MapCommands.info(fd, object);
      if (info.type() != Uapi.BPF_MAP_TYPE_TASK_STORAGE) {
        throw new BpfException(
            "map open",
            object,
            Errno.EINVAL,
            "it is a map of type " + info.type() + ", not a task storage map (type 29)");
      }
      return new BpfMap(fd, info);
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  @Override
  public MapInfo info() {
    return info;
  }

  /** How often an update was tried again because another writer was at the same task. */
  public long retries() {
    return retries;
  }

  /** BPF_OBJ_PIN. The pin belongs to whoever unpins it. */
  public void pin(Path path) {
    MapCommands.pin(fd, path);
  }

  /** BPF_MAP_FREEZE: from now on user space may only read; programs still write. For ever. */
  public void freeze() {
    MapCommands.freeze(fd, info.name());
  }

  @Override
  public Lookup lookup(Pidfd task) {
    long result = call(Uapi.BPF_MAP_LOOKUP_ELEM, task, element, 0);
    if (result >= 0) {
      return new Lookup.Present(value.toArray(ValueLayout.JAVA_BYTE));
    }
    if (result == -Errno.ENOENT.number()) {
      return isGone(task) ? new Lookup.TaskGone() : new Lookup.NoEntry();
    }
    throw failure("map lookup", task, result);
  }

  @Override
  public Update update(Pidfd task, byte[] bytes, UpdateMode mode) {
    if (bytes.length != info.valueSize()) {
      throw new IllegalArgumentException(
          "map update "
              + info.name()
              + ": "
              + bytes.length
              + " bytes: the value has "
              + info.valueSize());
    }
    MemorySegment.copy(bytes, 0, value, ValueLayout.JAVA_BYTE, 0, bytes.length);
    long result = call(Uapi.BPF_MAP_UPDATE_ELEM, task, element, mode.flags());
    for (int i = 1; result == -Errno.EAGAIN.number() && i < UPDATE_TRIES; i++) {
      retries++;
      result = call(Uapi.BPF_MAP_UPDATE_ELEM, task, element, mode.flags());
    }
    if (result >= 0) {
      return new Update.Updated();
    }
    if (result == -Errno.EEXIST.number()) {
      return new Update.AlreadyPresent();
    }
    if (result == -Errno.ENOENT.number()) {
      return isGone(task) ? new Update.TaskGone() : new Update.NoEntry();
    }
    throw failure("map update", task, result);
  }

  @Override
  public Delete delete(Pidfd task) {
    long result = call(Uapi.BPF_MAP_DELETE_ELEM, task, deletion, 0);
    if (result >= 0) {
      return new Delete.Deleted();
    }
    if (result == -Errno.ENOENT.number()) {
      return isGone(task) ? new Delete.TaskGone() : new Delete.NoEntry();
    }
    throw failure("map delete", task, result);
  }

  private long call(int command, Pidfd task, MemorySegment attr, long flags) {
    key.set(ValueLayout.JAVA_INT, 0, task.key());
    if (command != Uapi.BPF_MAP_DELETE_ELEM) {
      attr.set(ValueLayout.JAVA_LONG, Uapi.ELEM_FLAGS, flags);
    }
    return Syscall.call(state, Uapi.SYS_BPF, command, attr.address(), Uapi.ELEM_SIZE, 0, 0);
  }

  private static boolean isGone(Pidfd task) {
    return task.state() == TaskState.REAPED;
  }

  private BpfException failure(String operation, Pidfd task, long result) {
    Errno errno = Syscall.errno(result);
    return new BpfException(operation, info.name() + " of task " + task.tid(), errno, hint(errno));
  }

  private @Nullable String hint(Errno errno) {
    if (errno.equals(Errno.ENOMEM)) {
      return info.valueSize() > 8120
          ? "kernels from 6.19 refuse entries above 8120 bytes, and entries are charged to the"
              + " memory cgroup that created the map: make the value smaller or raise its limit"
          : "entries are charged to the memory cgroup that created the map: raise its limit";
    }
    if (errno.equals(Errno.EPERM)) {
      return "the map is frozen, or its pin was opened for the other direction";
    }
    return errno.equals(Errno.EAGAIN) ? "another writer never leaves this task alone" : null;
  }

  /** For tests of what the kernel refuses: any element command with any key, value and flags. */
  long raw(int command, int keyNumber, long flags) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment rawKey = call.allocate(8, 8);
      rawKey.set(ValueLayout.JAVA_INT, 0, keyNumber);
      Attr attr =
          Attr.zeroed(call, Uapi.ELEM_SIZE)
              .u32(Uapi.ELEM_MAP_FD, fd.number())
              .pointer(Uapi.ELEM_KEY, rawKey)
              .u64(Uapi.ELEM_FLAGS, flags);
      if (command != Uapi.BPF_MAP_DELETE_ELEM) {
        attr.pointer(Uapi.ELEM_VALUE, call.allocate(info.valueSize(), 8));
      }
      return Syscall.bpf(command, attr.segment());
    }
  }

  Fd fd() {
    return fd;
  }

  /** The value of a NUL-terminated name inside an info structure. */
  static String name(MemorySegment segment, int offset) {
    byte[] bytes = segment.asSlice(offset, Uapi.BPF_OBJ_NAME_LEN).toArray(ValueLayout.JAVA_BYTE);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    if (fd.isOpen()) {
      fd.close();
      arena.close();
    }
  }
}
