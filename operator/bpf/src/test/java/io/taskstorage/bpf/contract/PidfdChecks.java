package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import io.taskstorage.testkit.Task;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;

/** What {@code pidfds.rows} says of opening tasks and of asking how they are. */
final class PidfdChecks {
  /** Above every pid: PID_MAX_LIMIT. */
  private static final int NEVER_A_PID = 4194304;

  private static final int UNKNOWN_FLAG = 1;

  private PidfdChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    processes(checks);
    threads(checks);
    states(checks);
    return checks;
  }

  private static void processes(Checks checks) {
    checks.add("open.process", scene -> open(scene, scene.tasks().process(), 0));
    checks.add(
        "open.zombie",
        scene -> {
          Task process = scene.tasks().process();
          process.exit();
          return open(scene, process, 0);
        });
    checks.add("open.reaped", scene -> open(scene, reaped(scene), 0));
    checks.add("open.no-such-pid", scene -> scene.answer(scene.pidfdOpen(NEVER_A_PID, 0)));
    checks.add("open.pid-0", scene -> scene.answer(scene.pidfdOpen(0, 0)));
    checks.add("open.pid-negative", scene -> scene.answer(scene.pidfdOpen(-1, 0)));
    checks.add("open.unknown-flag", scene -> open(scene, scene.tasks().process(), UNKNOWN_FLAG));
    checks.add("open.pid-1-as-nobody", scene -> Caller.NOBODY.call("pidfd", 1));
  }

  private static void threads(Checks checks) {
    checks.add("open.thread-as-process", scene -> open(scene, thread(scene), 0));
    checks.add("open.thread", scene -> open(scene, thread(scene), Uapi.PIDFD_THREAD));
    checks.add(
        "open.leader-as-thread", scene -> open(scene, scene.tasks().process(), Uapi.PIDFD_THREAD));
    checks.add(
        "open.thread-exited",
        scene -> {
          Task thread = thread(scene);
          thread.exitThread();
          return scene.answer(openGone(scene, thread));
        });
  }

  private static void states(Checks checks) {
    checks.add(
        "poll.alive",
        scene -> {
          assertThat(poll(scene, scene.pidfd(scene.tasks().process()))).isZero();
          return Answer.OK;
        });
    checks.add(
        "poll.zombie",
        scene -> {
          Task process = scene.tasks().process();
          int pidfd = scene.pidfd(process);
          process.exit();
          assertThat(poll(scene, pidfd)).isEqualTo(Uapi.POLLIN);
          return Answer.OK;
        });
    checks.add(
        "poll.reaped",
        scene -> {
          Task process = scene.tasks().process();
          int pidfd = scene.pidfd(process);
          process.exit();
          process.reap();
          assertThat(poll(scene, pidfd)).isEqualTo(Uapi.POLLIN | Uapi.POLLHUP);
          return Answer.OK;
        });
    checks.add(
        "signal-0.zombie",
        scene -> {
          Task process = scene.tasks().process();
          int pidfd = scene.pidfd(process);
          process.exit();
          return signal(pidfd);
        });
    checks.add(
        "signal-0.reaped",
        scene -> {
          Task process = scene.tasks().process();
          int pidfd = scene.pidfd(process);
          process.exit();
          process.reap();
          return signal(pidfd);
        });
  }

  /**
   * For a moment the number is still there and its task is not: then the answer is EINVAL, as it is
   * for good on a kernel without PIDFD_THREAD.
   */
  private static long openGone(Scene scene, Task task) {
    long result = scene.pidfdOpen(task.tid(), Uapi.PIDFD_THREAD);
    for (int i = 0; i < 100 && result == -Errno.EINVAL.number(); i++) {
      LockSupport.parkNanos(10_000_000);
      result = scene.pidfdOpen(task.tid(), Uapi.PIDFD_THREAD);
    }
    return result;
  }

  private static Answer open(Scene scene, Task task, int flags) {
    return scene.answer(scene.pidfdOpen(task.tid(), flags));
  }

  private static Task reaped(Scene scene) {
    Task process = scene.tasks().process();
    process.exit();
    process.reap();
    return process;
  }

  private static Task thread(Scene scene) {
    return scene.tasks().process().thread();
  }

  /** The events that are there now. */
  private static int poll(Scene scene, int pidfd) {
    MemorySegment poll = scene.arena().allocate(8, 8);
    poll.set(ValueLayout.JAVA_INT, 0, pidfd);
    poll.set(ValueLayout.JAVA_SHORT, 4, (short) Uapi.POLLIN);
    MemorySegment atOnce = scene.arena().allocate(16, 8);
    long ready = Syscall.call(Uapi.SYS_PPOLL, poll.address(), 1, atOnce.address(), 0, 0);
    assertThat(ready).isNotNegative();
    return poll.get(ValueLayout.JAVA_SHORT, 6);
  }

  private static Answer signal(int pidfd) {
    return Answer.of(Syscall.call(Uapi.SYS_PIDFD_SEND_SIGNAL, pidfd, 0, 0, 0, 0));
  }
}
