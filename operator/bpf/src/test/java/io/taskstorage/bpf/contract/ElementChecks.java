package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.sys.Uapi;
import io.taskstorage.testkit.Task;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;

/** Each command of LOOKUP, UPDATE and DELETE in each case of {@code elements.rows}. */
final class ElementChecks {
  private static final int PIDFD_SELF_THREAD = -10000;
  private static final int PIDFD_SELF_THREAD_GROUP = -10001;
  private static final int KTHREADD = 2;
  private static final long BEYOND_32_BITS = 1L << 32;

  /** Prepares a case. */
  @FunctionalInterface
  private interface Setup {
    Target in(Scene scene) throws IOException;
  }

  private ElementChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    entries(checks);
    flags(checks);
    locks(checks);
    badKeys(checks);
    states(checks);
    threads(checks);
    otherTasks(checks);
    pointers(checks);
    return checks;
  }

  private static void each(Checks checks, String name, Setup setup) {
    checks.add("lookup." + name, scene -> setup.in(scene).lookup());
    checks.add("update." + name, scene -> setup.in(scene).update());
    checks.add("delete." + name, scene -> setup.in(scene).delete());
  }

  private static void entries(Checks checks) {
    each(checks, "absent", scene -> absent(scene, 0));
    each(checks, "present", scene -> present(scene, 0));
    each(
        checks,
        "deleted",
        scene -> {
          Target target = present(scene, 0);
          assertThat(target.delete()).isEqualTo(Answer.OK);
          return Target.absent(target.map(), target.key(), 0);
        });
  }

  private static void flags(Checks checks) {
    each(checks, "noexist-absent", scene -> absent(scene, Uapi.BPF_NOEXIST));
    each(checks, "noexist-present", scene -> present(scene, Uapi.BPF_NOEXIST));
    each(checks, "exist-absent", scene -> absent(scene, Uapi.BPF_EXIST));
    each(checks, "exist-present", scene -> present(scene, Uapi.BPF_EXIST));
    each(checks, "flags-3", scene -> present(scene, 3));
    each(checks, "flags-7", scene -> present(scene, 7));
    each(checks, "flags-8", scene -> present(scene, 8));
    each(checks, "flags-33rd-bit", scene -> present(scene, BEYOND_32_BITS));
    each(checks, "lock-flag-without-lock", scene -> present(scene, Uapi.BPF_F_LOCK));
  }

  private static void locks(Checks checks) {
    int lock = Uapi.BPF_F_LOCK;
    each(checks, "lock-absent", scene -> lockAbsent(scene, lock));
    each(checks, "lock-present", scene -> lockPresent(scene, lock));
    each(checks, "lock-noexist-absent", scene -> lockAbsent(scene, lock | Uapi.BPF_NOEXIST));
    each(checks, "lock-noexist-present", scene -> lockPresent(scene, lock | Uapi.BPF_NOEXIST));
    each(checks, "lock-exist-absent", scene -> lockAbsent(scene, lock | Uapi.BPF_EXIST));
    each(checks, "lock-exist-present", scene -> lockPresent(scene, lock | Uapi.BPF_EXIST));
    each(checks, "lock-both-absent", scene -> lockAbsent(scene, 7));
    each(checks, "lock-both-present", scene -> lockPresent(scene, 7));
  }

  private static void badKeys(Checks checks) {
    key(checks, "key-minus-one", scene -> -1);
    key(checks, "key-closed", Scene::closedDescriptor);
    key(checks, "key-dev-null", scene -> scene.open(Path.of("/dev/null"), 0));
    key(checks, "key-map", scene -> scene.map().descriptor());
    key(checks, "key-proc-folder", scene -> scene.open(Path.of("/proc/self"), Uapi.O_DIRECTORY));
    key(checks, "key-stdin", scene -> 0);
    key(checks, "key-self-thread", scene -> PIDFD_SELF_THREAD);
    key(checks, "key-self-process", scene -> PIDFD_SELF_THREAD_GROUP);
  }

  private static void key(Checks checks, String name, ToLongFunction<Scene> key) {
    each(
        checks, name, scene -> Target.nobody(scene.map(), Math.toIntExact(key.applyAsLong(scene))));
  }

  private static void states(Checks checks) {
    each(
        checks,
        "zombie-absent",
        scene -> {
          Task process = scene.tasks().process();
          int pidfd = scene.pidfd(process);
          process.exit();
          assertThat(process.state()).isEqualTo(Task.State.ZOMBIE);
          return Target.absent(scene.map(), pidfd, 0);
        });
    each(
        checks,
        "zombie-present",
        scene -> {
          Task process = scene.tasks().process();
          Target target = Target.present(scene.map(), scene.pidfd(process), 0);
          process.exit();
          assertThat(process.state()).isEqualTo(Task.State.ZOMBIE);
          return target;
        });
    each(
        checks,
        "reaped",
        scene -> {
          Task process = scene.tasks().process();
          Target target = Target.present(scene.map(), scene.pidfd(process), 0);
          process.exit();
          process.reap();
          return Target.absent(target.map(), target.key(), 0);
        });
  }

  private static void threads(Checks checks) {
    each(checks, "thread-absent", scene -> thread(scene, false));
    each(checks, "thread-present", scene -> thread(scene, true));
    each(
        checks,
        "thread-exited",
        scene -> {
          Task thread = scene.tasks().process().thread();
          Target target = Target.present(scene.map(), scene.threadPidfd(thread), 0);
          thread.exitThread();
          return Target.absent(target.map(), target.key(), 0);
        });
    each(
        checks,
        "zombie-leader",
        scene -> {
          Task leader = scene.tasks().process();
          Task thread = leader.thread();
          Target target = Target.present(scene.map(), scene.pidfd(leader), 0);
          leader.exitThread();
          assertThat(leader.state()).isEqualTo(Task.State.ZOMBIE);
          assertThat(thread.state()).isEqualTo(Task.State.ALIVE);
          return target;
        });
    each(
        checks,
        "leader-as-thread",
        scene -> {
          Task leader = scene.tasks().process();
          Target byProcess = Target.present(scene.map(), scene.pidfd(leader), 0);
          return byProcess.by(scene.threadPidfd(leader));
        });
  }

  /** A thread whose leader has an entry of its own, which nothing done to the thread changes. */
  private static Target thread(Scene scene, boolean present) {
    Task leader = scene.tasks().process();
    RawMap map = scene.map();
    int leaderKey = scene.pidfd(leader);
    byte[] leaders = map.filled(0x11);
    map.put(leaderKey, leaders);
    scene.own(() -> map.assertHolds(leaderKey, leaders));
    int key = scene.threadPidfd(leader.thread());
    return present ? Target.present(map, key, 0) : Target.absent(map, key, 0);
  }

  private static void otherTasks(Checks checks) {
    each(
        checks,
        "kernel-thread",
        scene -> {
          assertThat(Files.readString(Path.of("/proc/2/comm"))).isEqualTo("kthreadd\n");
          return Target.present(scene.map(), scene.pidfd(KTHREADD), 0);
        });
    each(checks, "pid-1", scene -> Target.present(scene.map(), scene.pidfd(1), 0));
    each(
        checks,
        "other-pid-namespace",
        scene -> {
          Task inside = scene.tasks().process().forkIntoNewPidNamespace();
          return Target.present(scene.map(), scene.pidfd(inside), 0);
        });
  }

  private static void pointers(Checks checks) {
    for (Command command : Command.values()) {
      checks.add(
          command.named("key-null"),
          scene -> {
            Target target = present(scene, 0);
            return command.call(scene, target, target.map().descriptor(), MemorySegment.NULL);
          });
      checks.add(
          command.named("map-minus-one"),
          scene -> {
            Target target = present(scene, 0);
            return command.call(scene, target, -1, target.map().key());
          });
      checks.add(
          command.named("map-not-a-map"),
          scene -> {
            Target target = present(scene, 0);
            return command.call(scene, target, target.key(), target.map().key());
          });
    }
    checks.add("lookup.value-null", scene -> withoutValue(scene, Uapi.BPF_MAP_LOOKUP_ELEM));
    checks.add("update.value-null", scene -> withoutValue(scene, Uapi.BPF_MAP_UPDATE_ELEM));
    checks.add("delete.value-null", scene -> withoutValue(scene, Uapi.BPF_MAP_DELETE_ELEM));
  }

  /** The three commands, with their own idea of the value's address. */
  private enum Command {
    LOOKUP(Uapi.BPF_MAP_LOOKUP_ELEM),
    UPDATE(Uapi.BPF_MAP_UPDATE_ELEM),
    DELETE(Uapi.BPF_MAP_DELETE_ELEM);

    private final int number;

    Command(int number) {
      this.number = number;
    }

    String named(String what) {
      return name().toLowerCase(java.util.Locale.ROOT) + "." + what;
    }

    Answer call(Scene scene, Target target, int map, MemorySegment key) {
      long value = this == DELETE ? 0 : target.map().value().address();
      return Answer.of(scene.element(number, map, key.address(), value, 0));
    }
  }

  private static Answer withoutValue(Scene scene, int command) {
    Target target = present(scene, 0);
    RawMap map = target.map();
    return Answer.of(scene.element(command, map.descriptor(), map.key().address(), 0, 0));
  }

  private static Target absent(Scene scene, long flags) {
    return Target.absent(scene.map(), scene.pidfd(scene.tasks().process()), flags);
  }

  private static Target present(Scene scene, long flags) {
    return Target.present(scene.map(), scene.pidfd(scene.tasks().process()), flags);
  }

  private static Target lockAbsent(Scene scene, long flags) {
    return Target.absent(lockMap(scene), scene.pidfd(scene.tasks().process()), flags);
  }

  private static Target lockPresent(Scene scene, long flags) {
    return Target.present(lockMap(scene), scene.pidfd(scene.tasks().process()), flags);
  }

  /** Values that begin with a lock; its word reads as zero whatever was written. */
  private static RawMap lockMap(Scene scene) {
    return MapCreate.of(scene, Types.special("bpf_spin_lock", 4)).hiding(4).map();
  }
}
