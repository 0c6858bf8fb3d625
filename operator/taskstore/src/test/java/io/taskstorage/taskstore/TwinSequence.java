package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A random sequence of calls on a kernel map and on its emulation, over tasks that are born, exec
 * and die between the calls. Each call must answer the same on both.
 */
final class TwinSequence {
  static final int VALUE_BYTES = 12;

  private static final List<UpdateMode> MODES =
      List.of(UpdateMode.ANY, UpdateMode.NOEXIST, UpdateMode.EXIST);

  private final TaskPool pool;
  private final RandomGenerator random;
  private final int maxTasks;
  private final BpfMap kernel;
  private final EmulatedEntries emulated;
  private final List<String> log = new ArrayList<>();

  TwinSequence(
      TaskPool pool,
      RandomGenerator random,
      int maxTasks,
      BpfMap kernel,
      EmulatedEntries emulated) {
    this.pool = pool;
    this.random = random;
    this.maxTasks = maxTasks;
    this.kernel = kernel;
    this.emulated = emulated;
  }

  /** Everything that was done, for the message of a difference. */
  List<String> log() {
    return log;
  }

  void run(int operations) {
    pool.resize(maxTasks);
    for (int i = 0; i < operations; i++) {
      if (random.nextInt(100) < 7) {
        changeTasks();
      } else {
        call(pool.any(random), random.nextInt(6));
      }
    }
    pool.all().forEach(actor -> call(actor, 0));
  }

  private void changeTasks() {
    switch (random.nextInt(8)) {
      case 0, 1 -> log("fork", pool.fork(random, maxTasks));
      case 2, 3 -> log("thread", pool.thread(random, maxTasks));
      case 4 -> log("exit", pool.exit(random));
      case 5 -> log("exit thread", pool.exitThread(random));
      case 6 -> log("reap", pool.reap(random));
      default -> exec();
    }
  }

  private void exec() {
    if (random.nextBoolean()) {
      log("exec", pool.execByLeader(random));
      return;
    }
    // The one known difference: which entry the process has after it. Both forget it.
    List<Task> leader = pool.execByThread(random);
    log("exec by thread", leader);
    for (Task task : leader) {
      if (Pidfd.openThread(task.tid()) instanceof PidfdResult.Opened(Pidfd pidfd)) {
        try (pidfd) {
          kernel.delete(pidfd);
          emulated.delete(pidfd);
        }
      }
    }
  }

  private void log(String what, List<Task> tasks) {
    tasks.forEach(task -> log.add(what + " " + task));
  }

  private void call(TaskPool.Actor actor, int operation) {
    if (random.nextInt(4) > 0) {
      compare(actor.pidfd(), operation, actor.task() + " by its old pidfd");
      return;
    }
    switch (Pidfd.openThread(actor.task().tid())) {
      case PidfdResult.Opened(Pidfd fresh) -> {
        try (fresh) {
          compare(fresh, operation, actor.task() + " by a new pidfd");
        }
      }
      case PidfdResult.Gone() -> log.add(actor.task() + " is gone");
      case PidfdResult.ThreadUnsupported unsupported -> throw new AssertionError(unsupported);
      case PidfdResult.Refused(var cause) -> throw cause;
    }
  }

  private void compare(Pidfd task, int operation, String who) {
    byte[] value = new byte[VALUE_BYTES];
    random.nextBytes(value);
    Object inKernel;
    Object inMemory;
    switch (operation) {
      case 0, 1 -> {
        inKernel = comparable(kernel.lookup(task));
        inMemory = comparable(emulated.lookup(task));
      }
      case 2, 3, 4 -> {
        UpdateMode mode = MODES.get(operation - 2);
        inKernel = mode + " " + kernel.update(task, value, mode);
        inMemory = mode + " " + emulated.update(task, value, mode);
      }
      default -> {
        inKernel = kernel.delete(task);
        inMemory = emulated.delete(task);
      }
    }
    log.add(who + ": " + inKernel);
    if (!inKernel.equals(inMemory)) {
      throw new AssertionError("kernel: " + inKernel + ", emulated: " + inMemory);
    }
  }

  private static String comparable(Lookup lookup) {
    return lookup instanceof Lookup.Present(byte[] bytes)
        ? "Present " + Value.of(bytes).toHex()
        : lookup.toString();
  }
}
