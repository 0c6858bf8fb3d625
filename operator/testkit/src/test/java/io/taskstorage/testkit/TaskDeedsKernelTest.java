package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.KernelTest.Need;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a task does other than fork and end: exec, vfork, namespaces, cgroups. */
@KernelTest
class TaskDeedsKernelTest {

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
    assertThat(ProcFiles.tidsOf(p)).containsExactly(p.tid());
    assertThat(ProcFiles.status(p, "Name")).isEqualTo("tasks");
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
    assertThat(ProcFiles.tidsOf(p)).containsExactly(p.pid());
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
    assertThat(ProcFiles.status(child, "PPid")).isEqualTo(Integer.toString(parent.pid()));
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
    assertThat(ProcFiles.status(child, "NSpid")).isEqualTo(child.pid() + "\t1");
    assertThat(ProcFiles.status(grandchild, "NSpid")).isEqualTo(grandchild.pid() + "\t2");
    assertThat(ProcFiles.status(thread, "NSpid")).isEqualTo(thread.tid() + "\t3");
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
  void tasksConnectToPorts(Tasks tasks) throws IOException {
    // Given
    Task p = tasks.process();
    int port;
    try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();

      // When
      p.connect(port);

      // Then
      try (Socket peer = server.accept()) {
        assertThat(peer.getInputStream().read()).as("its end").isEqualTo(-1);
      }
    }
    assertThatThrownBy(() -> p.connect(port))
        .isInstanceOf(TaskRefused.class)
        .hasMessageContaining("ECONNREFUSED");
  }
}
