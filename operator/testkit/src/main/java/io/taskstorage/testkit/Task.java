package io.taskstorage.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One real task: a thread, or the leader of a process. It sleeps until it is told to do something,
 * and does it itself: {@code t.fork()} forks in the thread {@code t}.
 *
 * <p>A method throws {@link TaskRefused} with the errno where the kernel refuses, and with ESRCH
 * where the task has ended.
 */
public final class Task {
  /** What {@code /proc} says about a task. */
  public enum State {
    /** Runs, or sleeps as all tasks here do between two commands. */
    ALIVE,
    /** Has exited, and its parent has not waited for it. */
    ZOMBIE,
    /** No such task. */
    GONE
  }

  private final Tasks tasks;
  private final int slot;
  private final int tid;
  private final int pid;

  Task(Tasks tasks, int slot, int tid, int pid) {
    this.tasks = tasks;
    this.slot = slot;
    this.tid = tid;
    this.pid = pid;
  }

  /** The task's id, as {@code gettid} gives it and pidfd_open(2) with PIDFD_THREAD wants it. */
  public int tid() {
    return tid;
  }

  /** The id of the process (thread group) that the task belongs to. */
  public int pid() {
    return pid;
  }

  /** Whether the task leads its process. */
  public boolean isLeader() {
    return tid == pid;
  }

  /** Forks: a new process with one thread, child of this process. */
  public Task fork() {
    return tasks.spawn(slot, "fork", 1, "").getFirst();
  }

  /** Forks many times. */
  public List<Task> forks(int count) {
    return tasks.spawn(slot, "fork", count, "");
  }

  /**
   * Forks as vfork(2) does: the child shares the memory, and this task is suspended (refuses
   * everything with EBUSY) until the child execs or ends. The child must not make threads.
   */
  public Task vfork() {
    return tasks.spawn(slot, "vfork", 1, "").getFirst();
  }

  /** Forks a child that is born in {@code cgroup} (clone3(2) with CLONE_INTO_CGROUP). */
  public Task forkInto(Path cgroup) {
    return tasks.spawn(slot, "into", 1, cgroup.toString()).getFirst();
  }

  /**
   * Forks a child that is the first process of a pid namespace of its own. Its {@link #tid} and
   * those of its descendants are the numbers of the outer namespace.
   */
  public Task forkIntoNewPidNamespace() {
    return tasks.spawn(slot, "pidns", 1, "").getFirst();
  }

  /** Makes a new thread in this process. */
  public Task thread() {
    return tasks.spawn(slot, "thread", 1, "").getFirst();
  }

  /** Makes many threads; 10,000 cost about a second and 100 MB. */
  public List<Task> threads(int count) {
    return tasks.spawn(slot, "thread", count, "");
  }

  /**
   * Execs in this task: all other threads of the process end. Where this is not the leader, its tid
   * ends too and the leader's number goes on: use the leader's {@code Task} afterwards.
   */
  public void exec() {
    tasks.call("exec", slot, "-", 0, "");
  }

  /** Execs in a thread of this process that is not the leader. This task's ids stay. */
  public void execFromThread(Task thread) {
    if (!isLeader() || thread.pid != pid || thread.isLeader()) {
      throw new IllegalArgumentException(
          "exec from thread: " + thread + " is no thread of " + this);
    }
    thread.exec();
  }

  /** Ends the whole process (exit_group). It stays a zombie until {@link #reap}. */
  public void exit() {
    tasks.call("exit", slot, "process", 0, "");
  }

  /**
   * Ends this task alone. A thread is gone afterwards; a leader stays a zombie, and the process
   * goes on while it has other threads.
   */
  public void exitThread() {
    tasks.call("exit", slot, "thread", 0, "");
  }

  /**
   * Ends the whole process by SIGKILL, whatever state it is in. It stays a zombie until {@link
   * #reap}.
   */
  public void kill() {
    tasks.call("exit", slot, "kill", 0, "");
  }

  /**
   * Lets the parent wait for this process, which has exited: it is gone afterwards. EBUSY if it
   * lives.
   */
  public void reap() {
    tasks.call("reap", slot, "-", 0, "");
  }

  /** Moves the whole process, by writing itself to {@code cgroup.procs}. */
  public void moveTo(Path cgroup) {
    tasks.call("move", slot, "-", 0, cgroup.resolve("cgroup.procs").toString());
  }

  /** Moves this task alone, within a threaded subtree ({@code cgroup.threads}). */
  public void moveThreadTo(Path cgroup) {
    tasks.call("move", slot, "-", 0, cgroup.resolve("cgroup.threads").toString());
  }

  /** Sets the task's command name, {@code comm}; the kernel cuts it at 15 bytes. */
  public void rename(String comm) {
    tasks.call("rename", slot, "-", 0, comm);
  }

  /** Connects to a TCP port of this machine by its address 127.0.0.1, and ends the connection. */
  public void connect(int port) {
    tasks.call("connect", slot, "-", port, "");
  }

  /** What {@code /proc} says now. */
  public State state() {
    Path stat = Path.of("/proc/%d/task/%d/stat".formatted(pid, tid));
    try {
      String text = Files.readString(stat);
      char letter = text.charAt(text.lastIndexOf(')') + 2);
      return letter == 'Z' || letter == 'X' ? State.ZOMBIE : State.ALIVE;
    } catch (IOException e) {
      return State.GONE;
    }
  }

  @Override
  public String toString() {
    return isLeader() ? "process " + pid : "thread " + tid + " of process " + pid;
  }
}
