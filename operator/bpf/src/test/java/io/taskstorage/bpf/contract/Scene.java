package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.btf.BtfBlob;
import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import io.taskstorage.testkit.RunName;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.TemporaryBpffs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one check works with: tasks, a bpffs, descriptors, memory. All of it is made when it is
 * first asked for and given back by {@link #close}. For one thread.
 */
final class Scene implements AutoCloseable {
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int FAR_FROM_OTHERS = 700;

  private final Arena arena = Arena.ofConfined();
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private @Nullable Tasks tasks;
  private @Nullable Path bpffs;

  /** Memory for attributes and values, until the scene ends. */
  Arena arena() {
    return arena;
  }

  Tasks tasks() {
    if (tasks == null) {
      tasks = own(Tasks.start());
    }
    return tasks;
  }

  /** The mount point of a bpffs of this scene. */
  Path bpffs() {
    if (bpffs == null) {
      bpffs = own(TemporaryBpffs.mount()).path();
    }
    return bpffs;
  }

  /** A new folder that is on no bpffs. */
  Path folder() {
    Path folder = RunName.newFolder();
    own(() -> remove(folder));
    return folder;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  /** A descriptor that the kernel must have given. */
  int descriptor(long result) {
    assertThat(Answer.of(result)).as("a descriptor").isEqualTo(Answer.OK);
    return own(Fd.owning(result)).number();
  }

  /** The answer of a call that gives a descriptor, which is closed at once. */
  Answer answer(long result) {
    if (result >= 0) {
      Fd.owning(result).close();
    }
    return Answer.of(result);
  }

  int pidfd(Task process) {
    return pidfd(process.tid());
  }

  int pidfd(int pid) {
    return descriptor(pidfdOpen(pid, 0));
  }

  int threadPidfd(Task task) {
    return descriptor(pidfdOpen(task.tid(), Uapi.PIDFD_THREAD));
  }

  /** A pidfd of the thread that runs this. */
  int ownThread() throws IOException {
    Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
    return descriptor(
        pidfdOpen(Integer.parseInt(self.getFileName().toString()), Uapi.PIDFD_THREAD));
  }

  long pidfdOpen(int tid, int flags) {
    return Syscall.call(Uapi.SYS_PIDFD_OPEN, tid, flags, 0, 0, 0);
  }

  int open(Path file, int flags) {
    return descriptor(openResult(file, flags));
  }

  long openResult(Path file, int flags) {
    long name = arena.allocateFrom(file.toString()).address();
    return Syscall.call(Uapi.SYS_OPENAT, Uapi.AT_FDCWD, name, flags | Uapi.O_CLOEXEC, 0, 0);
  }

  /** A number that was a pidfd and is no descriptor any more, nor soon will be. */
  int closedDescriptor() {
    int self = pidfd((int) ProcessHandle.current().pid());
    long high = Syscall.call(Uapi.SYS_FCNTL, self, F_DUPFD_CLOEXEC, FAR_FROM_OTHERS, 0, 0);
    assertThat(high).isGreaterThanOrEqualTo(FAR_FROM_OTHERS);
    assertThat(Syscall.call(Uapi.SYS_CLOSE, high, 0, 0, 0, 0)).isZero();
    return (int) high;
  }

  /** A task storage map of plain values of 8 bytes. */
  RawMap map() {
    return MapCreate.of(this, Types.bytes(8)).map();
  }

  long btfLoad(BtfBlob blob) {
    Attr attr =
        Attr.zeroed(arena, Uapi.BTF_LOAD_SIZE)
            .bytes(Uapi.BTF_LOAD_BTF, blob.toBytes())
            .u32(Uapi.BTF_LOAD_SIZE_OF_BTF, blob.sizeBytes());
    return Syscall.bpf(Uapi.BPF_BTF_LOAD, attr.segment());
  }

  /** Any element command on any map, key and value, by their addresses. */
  long element(int command, int map, long key, long value, long flags) {
    Attr attr =
        Attr.zeroed(arena, Uapi.ELEM_SIZE)
            .u32(Uapi.ELEM_MAP_FD, map)
            .u64(Uapi.ELEM_KEY, key)
            .u64(Uapi.ELEM_VALUE, value)
            .u64(Uapi.ELEM_FLAGS, flags);
    return Syscall.bpf(command, attr.segment());
  }

  long pin(int descriptor, Path path, int fileFlags) {
    return object(Uapi.BPF_OBJ_PIN, path, descriptor, fileFlags);
  }

  long get(Path path, int fileFlags) {
    return object(Uapi.BPF_OBJ_GET, path, 0, fileFlags);
  }

  private long object(int command, Path path, int descriptor, int fileFlags) {
    Attr attr =
        Attr.zeroed(arena, Uapi.OBJ_SIZE)
            .string(Uapi.OBJ_PATHNAME, path.toString())
            .u32(Uapi.OBJ_BPF_FD, descriptor)
            .u32(Uapi.OBJ_FILE_FLAGS, fileFlags);
    return Syscall.bpf(command, attr.segment());
  }

  long freeze(int map) {
    return Syscall.bpf(
        Uapi.BPF_MAP_FREEZE, Attr.zeroed(arena, Integer.BYTES).u32(0, map).segment());
  }

  /** The lines of /proc/self/fdinfo of a descriptor. */
  static List<String> fdinfo(int descriptor) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(descriptor)));
  }

  /** The kernel's id of the map behind a descriptor. */
  static int mapId(int descriptor) throws IOException {
    return fdinfo(descriptor).stream()
        .filter(line -> line.startsWith("map_id:"))
        .mapToInt(line -> Integer.parseInt(line.substring("map_id:".length()).strip()))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    AssertionError failure = new AssertionError("give back what the check used");
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception | AssertionError e) {
        failure.addSuppressed(e);
      }
    }
    arena.close();
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }
}
