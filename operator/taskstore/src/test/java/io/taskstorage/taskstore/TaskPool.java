package io.taskstorage.taskstore;

import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Real tasks in any state of life, each with a pidfd from its birth on. Each change says which
 * tasks it was about; none if no task fits.
 */
final class TaskPool implements AutoCloseable {
  /** So many of those that are gone are remembered: their pidfds must go on saying so. */
  private static final int MAX_GONE = 12;

  private final Tasks tasks;
  private final List<Actor> actors = new ArrayList<>();
  // Nothing changes a task but this pool: /proc is asked about a process when that was changed.
  private final Map<Task, Task.State> states = new HashMap<>();

  record Actor(Task task, Pidfd pidfd) {}

  TaskPool(Tasks tasks) {
    this.tasks = tasks;
  }

  List<Actor> all() {
    return List.copyOf(actors);
  }

  Actor any(RandomGenerator random) {
    return actors.get(random.nextInt(actors.size()));
  }

  /** Ends and reaps processes until at most so many tasks are left, and makes one if none is. */
  void resize(int maxTasks) {
    for (Actor actor : all()) {
      if (count() <= maxTasks) {
        break;
      }
      if (actor.task().isLeader() && states.get(actor.task()) != Task.State.GONE) {
        end(actor.task());
      }
    }
    forgetGone(0);
    if (actors.stream().noneMatch(a -> isAlive(a.task()))) {
      add(tasks.process());
    }
  }

  List<Task> fork(RandomGenerator random, int maxTasks) {
    if (count() >= maxTasks) {
      return List.of();
    }
    return change(
        random, this::isAlive, task -> add(random.nextBoolean() ? task.fork() : tasks.process()));
  }

  List<Task> thread(RandomGenerator random, int maxTasks) {
    return count() >= maxTasks
        ? List.of()
        : change(random, this::isAlive, task -> add(task.thread()));
  }

  List<Task> exit(RandomGenerator random) {
    return change(random, this::isAlive, Task::exit);
  }

  List<Task> exitThread(RandomGenerator random) {
    return change(random, this::isAlive, Task::exitThread);
  }

  List<Task> reap(RandomGenerator random) {
    return change(random, this::isReapable, Task::reap);
  }

  List<Task> execByLeader(RandomGenerator random) {
    return change(random, task -> isAlive(task) && task.isLeader(), Task::exec);
  }

  /** Returns the leaders whose number goes on. */
  List<Task> execByThread(RandomGenerator random) {
    List<Task> threads =
        change(
            random,
            task -> isAlive(task) && !task.isLeader() && isAlive(leaderOf(task)),
            task -> leaderOf(task).execFromThread(task));
    return threads.stream().map(this::leaderOf).toList();
  }

  @Override
  public void close() {
    actors.forEach(actor -> actor.pidfd().close());
    actors.clear();
  }

  private interface Change {
    void on(Task task);
  }

  private List<Task> change(RandomGenerator random, Predicate<Task> fits, Change change) {
    List<Task> fitting = actors.stream().map(Actor::task).filter(fits).toList();
    if (fitting.isEmpty()) {
      return List.of();
    }
    Task task = fitting.get(random.nextInt(fitting.size()));
    change.on(task);
    lookAgain(task.pid());
    forgetGone(MAX_GONE);
    return List.of(task);
  }

  private void add(Task task) {
    if (Pidfd.openThread(task.tid()) instanceof PidfdResult.Opened(Pidfd pidfd)) {
      states.put(task, task.state());
      actors.add(new Actor(task, pidfd));
      return;
    }
    throw new AssertionError("pidfd open: " + task);
  }

  /** Live tasks and zombies. */
  private long count() {
    return states.values().stream().filter(state -> state != Task.State.GONE).count();
  }

  private void end(Task leader) {
    if (!isReapable(leader)) {
      leader.kill();
    }
    leader.reap();
    lookAgain(leader.pid());
  }

  private void lookAgain(int pid) {
    states.replaceAll((task, state) -> task.pid() == pid ? task.state() : state);
  }

  private boolean isReapable(Task task) {
    return task.isLeader()
        && states.get(task) == Task.State.ZOMBIE
        && actors.stream()
            .map(Actor::task)
            .noneMatch(other -> other.pid() == task.pid() && isAlive(other));
  }

  private Task leaderOf(Task thread) {
    return actors.stream()
        .map(Actor::task)
        .filter(task -> task.isLeader() && task.pid() == thread.pid())
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  private boolean isAlive(Task task) {
    return states.get(task) == Task.State.ALIVE;
  }

  private void forgetGone(int keep) {
    List<Actor> gone =
        actors.stream().filter(a -> states.get(a.task()) == Task.State.GONE).toList();
    for (Actor actor : gone.subList(0, Math.max(0, gone.size() - keep))) {
      actor.pidfd().close();
      actors.remove(actor);
      states.remove(actor.task());
    }
  }
}
