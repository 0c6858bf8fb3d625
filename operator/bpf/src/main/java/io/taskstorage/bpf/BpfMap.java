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

/**
 * A descriptor of a task storage map. Closing it leaves the map and its entries in the kernel as
 * long as a pin, a program or another descriptor holds the map.
 *
 * <p>Confined to the thread that made it, which the memory of the calls sees to: key, value and
 * attributes are allocated once, so that a call costs hardly more than the kernel's part of it.
 */
public final class BpfMap implements TaskEntries, KernelMap {
  /**
   * How often an update is tried. Two writers of one task's only entry meet as EAGAIN in a fifth of
   * all updates (bpf_local_storage_update), so that a hundred in a row do not happen by chance.
   */
  static final int UPDATE_TRIES = 100;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = Syscall.newState(arena);
  private final Fd fd;
  private final String name;
  private final int valueSize;
  private final MemorySegment key;
  private final MemorySegment value;
  private final Attr lookup;
  private final Attr update;
  private final Attr delete;
  private long retries;

  private BpfMap(Fd fd, MapInfo info) {
    this.fd = fd;
    this.name = info.name();
    this.valueSize = info.valueSize();
    this.key = arena.allocate(Math.max(info.keySize(), Long.BYTES), Long.BYTES);
    this.value = arena.allocate(Math.max(valueSize, 1), Long.BYTES);
    this.delete =
        Attr.zeroed(arena, Uapi.ELEM_SIZE)
            .u32(Uapi.ELEM_MAP_FD, fd.number())
            .pointer(Uapi.ELEM_KEY, key);
    this.lookup =
        Attr.zeroed(arena, Uapi.ELEM_SIZE)
            .u32(Uapi.ELEM_MAP_FD, fd.number())
            .pointer(Uapi.ELEM_KEY, key)
            .pointer(Uapi.ELEM_VALUE, value);
    this.update =
        Attr.zeroed(arena, Uapi.ELEM_SIZE)
            .u32(Uapi.ELEM_MAP_FD, fd.number())
            .pointer(Uapi.ELEM_KEY, key)
            .pointer(Uapi.ELEM_VALUE, value);
  }

  /**
   * Makes a task storage map. It lives as long as this descriptor, unless it is pinned.
   *
   * @throws BpfException EPERM without CAP_BPF, EINVAL or E2BIG where attributes do not fit
   * @throws IllegalArgumentException if the value's type has a pointer with the type tag {@code
   *     uptr}, which the kernel would take
   */
  public static BpfMap create(MapSpec spec) {
    UserPointers.refuse(spec);
    return of(MapCommands.create(spec), spec.name());
  }

  /**
   * Opens a pinned map.
   *
   * @throws BpfException ENOENT where nothing is pinned, EACCES where the path is not on a bpffs or
   *     its mode forbids it, EINVAL where something else than a task storage map is pinned
   */
  public static BpfMap open(Path pin, Access access) {
    return of(MapCommands.open(pin, access), pin.toString());
  }

  private static BpfMap of(Fd fd, String object) {
    try {
      MapInfo info = MapCommands.infoOfMap(fd, object);
      if (!info.isTaskStorage()) {
        throw new BpfException(
            "map open", object, Errno.EINVAL, "it is a map of type " + info.type() + ", not 29");
      }
      return new BpfMap(fd, info);
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /** The map as the kernel describes it now; of its attributes only {@code frozen} can change. */
  @Override
  public MapInfo info() {
    return MapCommands.info(fd, name);
  }

  /**
   * Pins the map. The pin holds the map until it is unpinned ({@link Bpffs#unpin}).
   *
   * @throws BpfException EEXIST, ENOENT without the folder, EPERM where it is not on a bpffs
   */
  public void pin(Path path) {
    MapCommands.pin(fd, path);
  }

  /** Takes the right to write from user space, for ever. BPF programs keep it. */
  public void freeze() {
    MapCommands.freeze(fd, name);
  }

  /** How often an update met another writer and was tried again, since this was opened. */
  public long retries() {
    return retries;
  }

  @Override
  public Lookup lookup(Pidfd task) {
    key.set(ValueLayout.JAVA_INT, 0, task.number());
    long result = call(Uapi.BPF_MAP_LOOKUP_ELEM, lookup);
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
    if (bytes.length != valueSize) {
      throw new IllegalArgumentException(
          "map update %s: %d bytes: the value has %d".formatted(name, bytes.length, valueSize));
    }
    key.set(ValueLayout.JAVA_INT, 0, task.number());
    MemorySegment.copy(bytes, 0, value, ValueLayout.JAVA_BYTE, 0, bytes.length);
    update.u64(Uapi.ELEM_FLAGS, mode.flags());
    long result = call(Uapi.BPF_MAP_UPDATE_ELEM, update);
    for (int i = 1; result == -Errno.EAGAIN.number() && i < UPDATE_TRIES; i++) {
      retries++;
      result = call(Uapi.BPF_MAP_UPDATE_ELEM, update);
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
    key.set(ValueLayout.JAVA_INT, 0, task.number());
    long result = call(Uapi.BPF_MAP_DELETE_ELEM, delete);
    if (result >= 0) {
      return new Delete.Deleted();
    }
    if (result == -Errno.ENOENT.number()) {
      return isGone(task) ? new Delete.TaskGone() : new Delete.NoEntry();
    }
    throw failure("map delete", task, result);
  }

  private long call(int command, Attr attr) {
    long address = attr.segment().address();
    return Syscall.call(state, Uapi.SYS_BPF, command, address, Uapi.ELEM_SIZE, 0, 0);
  }

  /** The kernel says ENOENT for both; a reaped task is the one whose pidfd says so. */
  private static boolean isGone(Pidfd task) {
    return task.state() == TaskState.REAPED;
  }

  private BpfException failure(String operation, Pidfd task, long result) {
    Errno errno = Syscall.errno(result);
    String object = name + " of task " + task.tid();
    return new BpfException(operation, object, errno, Hint.element(errno, valueSize));
  }

  /** A NUL-terminated name within a structure that the kernel filled. */
  static String name(MemorySegment info, int offset) {
    return info.getString(offset, StandardCharsets.US_ASCII);
  }

  /** For this package: programs and other maps refer to the map by it. */
  Fd fd() {
    return fd;
  }

  @Override
  public void close() {
    if (fd.isOpen()) {
      // First what another thread may not do, so that such a call changes nothing.
      arena.close();
      fd.close();
    }
  }

  @Override
  public String toString() {
    return "map " + name;
  }
}
