package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.KernelTest.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
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
    assertThat(status(p, "PPid")).isEqualTo(Integer.toString(tasks.driverPid()));
    assertThat(status(p, "Threads")).isEqualTo("1");
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
    assertThat(status(child, "PPid")).isEqualTo(Integer.toString(parent.pid()));
    assertThat(status(grandchild, "PPid")).isEqualTo(Integer.toString(child.pid()));
    assertThat(status(childOfThread, "PPid")).isEqualTo(Integer.toString(parent.pid()));
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
    assertThat(tidsOf(p)).containsExactlyInAnyOrder(p.tid(), t.tid());
    assertThat(status(t, "Tgid")).isEqualTo(Integer.toString(p.pid()));
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
    assertThat(tidsOf(p)).containsExactly(p.tid());
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
    assertThat(status(child, "PPid")).isEqualTo(Integer.toString(tasks.driverPid()));
    child.exit();
    child.reap();
    assertThat(child.state()).isEqualTo(Task.State.GONE);
  }

  @Test
  void execOfTheLeaderKeepsItAndEndsTheThreads(Tasks tasks) throws IOException {
    // Given
    Task p = tasks.process();
    Task t = p.thread();
    p.rename("before exec");

    // When
    p.exec();

    // Then
    assertThat(t.state()).isEqualTo(Task.State.GONE);
    assertThat(tidsOf(p)).containsExactly(p.tid());
    assertThat(status(p, "Name")).isEqualTo("tasks");
    assertThat(p.thread().pid()).isEqualTo(p.pid());
  }

  @Test
  void execOfAThreadTakesTheLeadersNumber(Tasks tasks) throws IOException {
    // Given
    Task p = tasks.process();
    Task t = p.thread();
    Task other = p.thread();

    // When
    p.execFromThread(t);

    // Then
    assertThat(t.state()).isEqualTo(Task.State.GONE);
    assertThat(other.state()).isEqualTo(Task.State.GONE);
    assertThat(tidsOf(p)).containsExactly(p.pid());
    assertThat(p.fork().state()).isEqualTo(Task.State.ALIVE);
    assertThatThrownBy(() -> p.execFromThread(tasks.process()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no thread of process " + p.pid());
  }

  @Test
  void execOfAThreadWhoseLeaderHasEnded(Tasks tasks) {
    // Given
    Task p = tasks.process();
    Task t = p.thread();
    p.exitThread();

    // When
    p.execFromThread(t);

    // Then
    assertThat(p.state()).isEqualTo(Task.State.ALIVE);
    assertThat(t.state()).isEqualTo(Task.State.GONE);
  }

  @Test
  void vforkSuspendsTheParentUntilTheChildExecs(Tasks tasks) throws IOException {
    // Given
    Task parent = tasks.process();

    // When
    Task child = parent.vfork();

    // Then
    assertThat(status(child, "PPid")).isEqualTo(Integer.toString(parent.pid()));
    assertThatThrownBy(parent::fork).isInstanceOf(TaskRefused.class).hasMessageContaining("EBUSY");
    child.exec();
    assertThat(parent.fork().state()).isEqualTo(Task.State.ALIVE);
  }

  @Test
  void vforkChildMayEndWithoutExec(Tasks tasks) {
    // Given
    Task parent = tasks.process();
    Task child = parent.thread().vfork();

    // When
    child.exit();

    // Then
    assertThat(child.state()).isEqualTo(Task.State.ZOMBIE);
    child.reap();
    assertThat(child.state()).isEqualTo(Task.State.GONE);
  }

  @Test
  void childIsTheFirstOfItsPidNamespace(Tasks tasks) throws IOException {
    // Given
    Task parent = tasks.process();

    // When
    Task child = parent.forkIntoNewPidNamespace();
    Task grandchild = child.fork();
    Task thread = grandchild.thread();

    // Then
    assertThat(status(child, "NSpid")).isEqualTo(child.pid() + "\t1");
    assertThat(status(grandchild, "NSpid")).isEqualTo(grandchild.pid() + "\t2");
    assertThat(status(thread, "NSpid")).isEqualTo(thread.tid() + "\t3");
    grandchild.exit();
    assertThat(grandchild.state()).isEqualTo(Task.State.ZOMBIE);
    grandchild.reap();
    assertThat(grandchild.state()).isEqualTo(Task.State.GONE);
  }

  @Test
  @KernelTest(needs = Need.CGROUP2)
  void tasksMoveThemselvesAndAreBornInACgroup(Tasks tasks, CgroupSandbox sandbox) {
    // Given
    Cgroup a = sandbox.create("a");
    Cgroup b = sandbox.create("b", "system-getty\\x2d1.slice", "with space");
    Task p = tasks.process();

    // When
    p.moveTo(a.path());
    Task inherits = p.fork();
    Task born = p.forkInto(b.path());
    List<Task> more = tasks.processesIn(b.path(), 3);

    // Then
    assertThat(a.processes()).containsExactlyInAnyOrder(p.pid(), inherits.pid());
    assertThat(b.processes())
        .contains(born.pid(), more.get(0).pid(), more.get(1).pid(), more.get(2).pid());
    assertThatThrownBy(() -> p.moveTo(Path.of("/no/such/cgroup")))
        .isInstanceOf(TaskRefused.class)
        .hasMessageContaining("ENOENT");
  }

  @Test
  @KernelTest(needs = Need.CGROUP2)
  void threadsMoveAloneInAThreadedSubtree(Tasks tasks, CgroupSandbox sandbox) {
    // Given
    Cgroup domain = sandbox.create("domain");
    Cgroup threaded = domain.create("threaded");
    threaded.makeThreaded();
    Task p = tasks.processIn(domain.path());
    Task t = p.thread();

    // When
    t.moveThreadTo(threaded.path());

    // Then
    assertThat(threaded.threads()).containsExactly(t.tid());
    assertThat(domain.threads()).containsExactly(p.tid());
    assertThat(domain.type()).isEqualTo("domain threaded");
  }

  @Test
  void tenThousandThreads(Tasks tasks) throws IOException {
    // Given
    Task p = tasks.process();

    // When
    List<Task> threads = p.threads(10_000);

    // Then
    assertThat(threads).extracting(Task::tid).doesNotHaveDuplicates().hasSize(10_000);
    assertThat(status(p, "Threads")).isEqualTo("10001");
    assertThat(tidsOf(p)).containsAll(threads.stream().map(Task::tid).toList());
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

  private static String status(Task task, String key) throws IOException {
    Path file = Path.of("/proc/%d/task/%d/status".formatted(task.pid(), task.tid()));
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  private static List<Integer> tidsOf(Task process) throws IOException {
    try (Stream<Path> tids = Files.list(Path.of("/proc/%d/task".formatted(process.pid())))) {
      return tids.map(tid -> Integer.valueOf(tid.getFileName().toString()))
          .collect(Collectors.toList());
    }
  }
}
