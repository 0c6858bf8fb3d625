package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.MemorySegment;

/** What {@code commands.rows} says of everything that other kinds of maps can do. */
final class CommandChecks {
  // union bpf_attr, member "batch".
  private static final int BATCH_IN = 0;
  private static final int BATCH_OUT = 8;
  private static final int BATCH_KEYS = 16;
  private static final int BATCH_VALUES = 24;
  private static final int BATCH_COUNT = 32;
  private static final int BATCH_MAP_FD = 36;
  private static final int BATCH_SIZE = 56;

  private static final int PROT_READ = 1;
  private static final int MAP_SHARED = 1;
  private static final int PAGE = 4096;

  private CommandChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    checks.add("get-next-key", scene -> element(scene, Uapi.BPF_MAP_GET_NEXT_KEY));
    checks.add("lookup-and-delete", scene -> element(scene, Uapi.BPF_MAP_LOOKUP_AND_DELETE_ELEM));
    checks.add("lookup-batch", scene -> batch(scene, Uapi.BPF_MAP_LOOKUP_BATCH));
    checks.add(
        "lookup-and-delete-batch", scene -> batch(scene, Uapi.BPF_MAP_LOOKUP_AND_DELETE_BATCH));
    checks.add("update-batch", scene -> batch(scene, Uapi.BPF_MAP_UPDATE_BATCH));
    checks.add("delete-batch", scene -> batch(scene, Uapi.BPF_MAP_DELETE_BATCH));
    checks.add("mmap", CommandChecks::mmap);
    checks.add("read", CommandChecks::read);
    checks.add("lookup-helper", CommandChecks::lookupHelper);
    return checks;
  }

  private static Answer element(Scene scene, int command) {
    RawMap map = present(scene);
    long key = map.key().address();
    return Answer.of(scene.element(command, map.descriptor(), key, map.value().address(), 0));
  }

  private static Answer batch(Scene scene, int command) {
    RawMap map = present(scene);
    MemorySegment cursor = scene.arena().allocate(Long.BYTES, Long.BYTES);
    Attr attr =
        Attr.zeroed(scene.arena(), BATCH_SIZE)
            .u64(BATCH_IN, 0)
            .pointer(BATCH_OUT, cursor)
            .pointer(BATCH_KEYS, map.key())
            .pointer(BATCH_VALUES, map.value())
            .u32(BATCH_COUNT, 1)
            .u32(BATCH_MAP_FD, map.descriptor());
    return Answer.of(Syscall.bpf(command, attr.segment()));
  }

  private static Answer mmap(Scene scene) {
    int map = scene.map().descriptor();
    long address = Syscall.call(Uapi.SYS_MMAP, 0, PAGE, PROT_READ, MAP_SHARED, map);
    if (address >= 0) {
      Syscall.call(Uapi.SYS_MUNMAP, address, PAGE, 0, 0, 0);
    }
    return Answer.of(address);
  }

  private static Answer read(Scene scene) {
    RawMap map = scene.map();
    long buffer = map.value().address();
    return Answer.of(Syscall.call(Uapi.SYS_READ, map.descriptor(), buffer, Long.BYTES, 0, 0));
  }

  private static Answer lookupHelper(Scene scene) {
    int map = scene.map().descriptor();
    Programs.Loaded loaded =
        Programs.load(scene, Uapi.BPF_PROG_TYPE_SOCKET_FILTER, Programs.lookup(), map);
    assertThat(loaded.log()).contains("cannot pass map_type 29");
    return scene.answer(loaded.result());
  }

  /** With an entry, and the key of its task in place. */
  private static RawMap present(Scene scene) {
    RawMap map = scene.map();
    map.put(scene.pidfd(scene.tasks().process()), map.filled(1));
    return map;
  }
}
