package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.btf.BtfWriter;
import io.taskstorage.bpf.btf.BtfWriter.Member;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ToLongFunction;

/** What {@code special-fields.rows} says of values with fields that the kernel knows by type. */
final class SpecialFieldChecks {
  private static final int POINTER_BYTES = 8;
  private static final int PAGE = 4096;
  private static final int PROT_READ = 1;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int LONGS_OF_A_PAGE = PAGE / Long.BYTES;

  private SpecialFieldChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    structs(checks);
    kernelPointers(checks);
    copies(checks);
    userPointers(checks);
    addresses(checks);
    return checks;
  }

  private static void structs(Checks checks) {
    struct(checks, "bpf_spin_lock", 4);
    struct(checks, "bpf_res_spin_lock", 8);
    struct(checks, "bpf_refcount", 4);
    struct(checks, "bpf_timer", 16);
    struct(checks, "bpf_wq", 16);
    struct(checks, "bpf_task_work", 8);
  }

  private static void struct(Checks checks, String name, int size) {
    checks.add(
        name.replace('_', '-'), scene -> MapCreate.of(scene, Types.special(name, size)).answer());
  }

  private static void kernelPointers(Checks checks) {
    for (String tag : List.of("kptr", "kptr_untrusted", "percpu_kptr", "some_tag")) {
      for (String target : List.of("task_struct", "cgroup", "own_struct")) {
        checks.add(
            tag.replace('_', '-') + "." + target.replace('_', '-'),
            scene -> MapCreate.of(scene, pointer(tag, target)).answer());
      }
    }
    checks.add(
        "kptr.without-destructor",
        scene -> scene.answer(scene.btfLoad(pointer("kptr", "file").blob())));
  }

  private static Types pointer(String tag, String target) {
    return Types.pointer(tag, btf -> Types.struct(btf, target, 1));
  }

  private static void copies(Checks checks) {
    checks.add("copy.lock", scene -> hidden(scene, Types.special("bpf_spin_lock", 4), 4));
    checks.add("copy.kptr", scene -> hidden(scene, pointer("kptr", "task_struct"), POINTER_BYTES));
  }

  /** Whatever user space writes where the kernel keeps something reads as zero. */
  private static Answer hidden(Scene scene, Types types, int bytes) {
    RawMap map = MapCreate.of(scene, types).hiding(bytes).map();
    int task = scene.pidfd(scene.tasks().process());
    byte[] value = map.filled(0xff);
    Answer answer = Answer.of(map.update(task, value, Uapi.BPF_NOEXIST));
    map.assertHolds(task, value);
    map.put(task, value);
    map.assertHolds(task, value);
    return answer;
  }

  private static void userPointers(Checks checks) {
    user(checks, "small-struct", btf -> Types.struct(btf, "user_data", 1));
    user(checks, "page-struct", btf -> Types.struct(btf, "user_data", LONGS_OF_A_PAGE));
    user(checks, "larger-struct", btf -> Types.struct(btf, "user_data", LONGS_OF_A_PAGE + 1));
    user(checks, "empty-struct", btf -> Types.struct(btf, "user_data", 0));
    user(checks, "kernel-struct", btf -> Types.struct(btf, "task_struct", 1));
  }

  private static void user(Checks checks, String name, Types.Writing target) {
    checks.add(
        "uptr." + name,
        scene -> MapCreate.of(scene, Types.pointer(UserPointers.TAG, target)).answer());
  }

  private static void addresses(Checks checks) {
    address(checks, "null", scene -> 0);
    address(checks, "mapped", scene -> page(scene));
    address(checks, "end-of-page", scene -> page(scene) + PAGE - Long.BYTES);
    address(checks, "across-pages", scene -> page(scene) + PAGE - Long.BYTES / 2);
    address(checks, "unmapped", scene -> PAGE);
    address(checks, "read-only", SpecialFieldChecks::readOnlyPage);
    address(checks, "kernel", scene -> 0xffff_8880_0000_0000L);
    address(checks, "overflowing", scene -> -Long.BYTES / 2);
    checks.add(
        "uptr.locked",
        scene -> {
          RawMap map = MapCreate.of(scene, lockAndPointer()).map();
          int task = scene.pidfd(scene.tasks().process());
          return Answer.of(map.update(task, map.filled(0), Uapi.BPF_F_LOCK));
        });
  }

  private static void address(Checks checks, String name, ToLongFunction<Scene> address) {
    checks.add(
        "uptr.address-" + name,
        scene -> {
          // Where the tag means nothing, the pointer is a number like others.
          int hidden = UserPointers.areKnown(scene) ? POINTER_BYTES : 0;
          RawMap map = MapCreate.of(scene, UserPointers.types()).hiding(hidden).map();
          int task = scene.pidfd(scene.tasks().process());
          byte[] value = UserPointers.value(address.applyAsLong(scene));
          Answer answer = Answer.of(map.update(task, value, Uapi.BPF_NOEXIST));
          if (answer.isOk()) {
            map.assertHolds(task, value);
          }
          return answer;
        });
  }

  /** The first of two pages of this process's memory. */
  private static long page(Scene scene) {
    MemorySegment pages = scene.arena().allocate(2 * PAGE, PAGE);
    return pages.fill((byte) 1).address();
  }

  private static long readOnlyPage(Scene scene) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    long page = Syscall.call(Uapi.SYS_MMAP, 0, PAGE, PROT_READ, flags, -1);
    assertThat(page).isPositive();
    scene.own(() -> Syscall.call(Uapi.SYS_MUNMAP, page, PAGE, 0, 0, 0));
    return page;
  }

  private static Types lockAndPointer() {
    return Types.value(24, SpecialFieldChecks::writeLockAndPointer);
  }

  private static int writeLockAndPointer(BtfWriter btf) {
    int lock = btf.struct("bpf_spin_lock", 4, List.of(new Member("val", Types.INT, 0)));
    int target = Types.struct(btf, "user_data", 1);
    int pointer = btf.pointer(btf.typeTag(UserPointers.TAG, target));
    return btf.struct(
        "value", 24, List.of(new Member("lock", lock, 0), new Member("pointer", pointer, 8)));
  }
}
