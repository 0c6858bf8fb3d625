package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@KernelTest
class TasksKernelTest {

  @Test
  void processIsAChildOfTheDriver(Tasks tasks) throws IOException {
    // When
    Task p = tasks.process();

    // Then
    assertThat(p.isLeader()).isTrue();
    assertThat(p.state()).isEqualTo(Task.State.ALIVE);
    assertThat(ProcFiles.status(p, "PPid")).isEqualTo(Integer.toString(tasks.driverPid()));
    assertThat(ProcFiles.status(p, "Threads")).isEqualTo("1");
  }

  @Test
  void forkIsAChildOfTheTask(Tasks tasks) throws IOException {
    // Given
    Task parent = tasks.process();
    Task thread = parent.thread();

    // When
    Task child = parent.fork();
    Task grandchild = child.fork();
    Task childOfThread = thread.fork();

    // Then
    assertThat(ProcFiles.status(child, "PPid")).isEqualTo(Integer.toString(parent.pid()));
    assertThat(ProcFiles.status(grandchild, "PPid")).isEqualTo(Integer.toString(child.pid()));
    assertThat(ProcFiles.status(childOfThread, "PPid")).isEqualTo(Integer.toString(parent.pid()));
    assertThat(childOfThread.isLeader()).isTrue();
  }

  @Test
  void threadSharesTheProcess(Tasks tasks) throws IOException {
    // Given
    Task p = tasks.process();

    // When
    Task t = p.thread();

    // Then
    assertThat(t.pid()).isEqualTo(p.pid());
    assertThat(t.isLeader()).isFalse();
    assertThat(t).hasToString("thread " + t.tid() + " of process " + p.pid());
    assertThat(ProcFiles.tidsOf(p)).containsExactlyInAnyOrder(p.tid(), t.tid());
    assertThat(ProcFiles.status(t, "Tgid")).isEqualTo(Integer.toString(p.pid()));
  }

  @Test
  void endedThreadIsGone(Tasks tasks) throws IOException {
    // Given
    Task p = tasks.process();
    Task t = p.thread();

    // When
    t.exitThread();

    // Then
    assertThat(t.state()).isEqualTo(Task.State.GONE);
    assertThat(ProcFiles.tidsOf(p)).containsExactly(p.tid());
    assertThatThrownBy(t::fork).isInstanceOf(TaskRefused.class).hasMessageContaining("ESRCH");
  }

  @Test
  void endedLeaderIsAZombieWhileItsThreadsLive(Tasks tasks) {
    // Given
    Task p = tasks.process();
    Task t = p.thread();

    // When
    p.exitThread();

    // Then
    assertThat(p.state()).isEqualTo(Task.State.ZOMBIE);
    assertThat(t.state()).isEqualTo(Task.State.ALIVE);
    assertThat(t.fork().state()).isEqualTo(Task.State.ALIVE);
    t.exit();
    assertThat(t.state()).isEqualTo(Task.State.GONE);
    p.reap();
    assertThat(p.state()).isEqualTo(Task.State.GONE);
  }

  @Test
  void endedProcessIsAZombieUntilItsParentWaits(Tasks tasks) {
    // Given
    Task parent = tasks.process();
    Task child = parent.fork();

    // When
    child.exit();

    // Then
    assertThat(child.state()).isEqualTo(Task.State.ZOMBIE);
    child.reap();
    assertThat(child.state()).isEqualTo(Task.State.GONE);
  }

  @Test
  void killedProcessIsAZombieToo(Tasks tasks) {
    // Given
    Task p = tasks.process();
    Task t = p.thread();

    // When
    p.kill();

    // Then
    assertThat(p.state()).isEqualTo(Task.State.ZOMBIE);
    assertThat(t.state()).isEqualTo(Task.State.GONE);
    p.reap();
    assertThat(p.state()).isEqualTo(Task.State.GONE);
  }

  @Test
  void livingProcessCannotBeReaped(Tasks tasks) {
    // Given
    Task child = tasks.process().fork();

    // Then
    assertThatThrownBy(child::reap).isInstanceOf(TaskRefused.class).hasMessageContaining("EBUSY");
    assertThat(child.state()).isEqualTo(Task.State.ALIVE);
  }

  @Test
  void orphanIsAdoptedByTheDriver(Tasks tasks) throws IOException {
    // Given
    Task parent = tasks.process();
    Task child = parent.fork();

    // When
    parent.exit();
    parent.reap();

    // Then
    assertThat(ProcFiles.status(child, "PPid")).isEqualTo(Integer.toString(tasks.driverPid()));
    child.exit();
    child.reap();
    assertThat(child.state()).isEqualTo(Task.State.GONE);
  }

  @Test
  void tenThousandThreads(Tasks tasks) throws IOException {
    // Given
    Task p = tasks.process();

    // When
    List<Task> threads = p.threads(10_000);

    // Then
    assertThat(threads).extracting(Task::tid).doesNotHaveDuplicates().hasSize(10_000);
    assertThat(ProcFiles.status(p, "Threads")).isEqualTo("10001");
    assertThat(ProcFiles.tidsOf(p)).containsAll(threads.stream().map(Task::tid).toList());
  }

  @Test
  void tenThousandProcesses() {
    // Given
    List<Task> processes;

    // When
    try (Tasks tasks = Tasks.start()) {
      processes = tasks.processes(10_000);

      // Then
      assertThat(processes).extracting(Task::pid).doesNotHaveDuplicates().hasSize(10_000);
      assertThat(processes).allMatch(p -> p.state() == Task.State.ALIVE);
    }
    assertThat(processes).allMatch(p -> p.state() == Task.State.GONE);
  }

  @Test
  void closeEndsDescendantsInEveryState() {
    // Given
    Tasks tasks = Tasks.start();
    Task p = tasks.process();
    Task zombie = p.fork();
    zombie.exit();
    Task suspended = p.fork();
    Task child = suspended.vfork();
    Task init = p.forkIntoNewPidNamespace();
    Task inner = init.fork();
    Task deep = p.fork().fork().thread();

    // When
    tasks.close();

    // Then
    assertThat(Stream.of(p, zombie, suspended, child, init, inner, deep))
        .allMatch(task -> task.state() == Task.State.GONE);
    assertThatThrownBy(tasks::process).hasMessageContaining("task spawn");
  }

  @Test
  void lostDriverIsReported() {
    // Given
    Tasks tasks = Tasks.start();

    // When
    Command.of("kill", "-KILL", Integer.toString(tasks.driverPid())).run().stdoutIfDone();

    // Then
    assertThatThrownBy(tasks::process).hasMessageStartingWith("task spawn -1 fork 1 : ");
    assertThatThrownBy(tasks::close).hasMessage("end tasks: the driver ended with 137");
    tasks.close();
  }

  @Test
  void tasksEndWithTheirDriversInput() throws IOException {
    // Given: a JVM that is killed leaves the driver with nothing but an end of file
    Path program = Gcc.compileResources("tasks", "driver.c", "task.c", "tasks.h");

    // When
    Outcome outcome = Command.of(program.toString()).input("spawn -1 fork 3 \n").run();

    // Then
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.stdout().lines().skip(1).findFirst().orElseThrow()).startsWith("ok 0:");
    for (String word : outcome.stdout().lines().skip(1).findFirst().orElseThrow().split(" ", -1)) {
      if (!word.equals("ok")) {
        assertThat(Path.of("/proc", word.split(":", -1)[1])).doesNotExist();
      }
    }
  }
}
