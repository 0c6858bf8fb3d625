package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.DenyByValue.TRUSTED;
import static io.taskstorage.taskstore.DenyByValue.UNTRUSTED;
import static io.taskstorage.taskstore.DenyByValue.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.layout.Value;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.TaskRefused;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A consumer that enforces: the sample denies by the value that a task carries, from the first time
 * that it asks. No host runs it: one may refuse such programs, and none should be denied anything.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
@GuestTest(GuestSuite.CONSUMER)
class DenyByValueStory {
  private static final String CONNECTED = "connected";
  private static final String DENIED = "EPERM";
  private static final int MANY = 50;

  private PinTree tree;
  private Membership cgroups;
  private TaskStore store;
  private Cgroup untrusted;
  private Cgroup trusted;
  private ServerSocket server;

  @BeforeEach
  void fillTheMap(CgroupSandbox sandbox, @BpffsMount Path bpffs) throws IOException {
    // Nobody has to accept what comes.
    server = new ServerSocket(0, 10 * MANY, InetAddress.getLoopbackAddress());
    tree = new PinTree(bpffs);
    cgroups = CgroupTree.open(sandbox.top().path());
    untrusted = sandbox.create("untrusted");
    trusted = sandbox.create("trusted");
    store = TaskStores.inKernel(tree, cgroups);
    store.install(DenyByValue.MAP);
    assign(untrusted, UNTRUSTED);
    assign(trusted, TRUSTED);
    store.sweep();
    store.publish(DenyByValue.NAME);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    server.close();
  }

  @Test
  void theFirstTimeIsAnsweredByTheValueHoweverATaskIsBorn(Tasks tasks) {
    try (Child consumer = start()) {
      // When
      Task parent = tasks.processIn(untrusted.path());
      Task other = tasks.processIn(trusted.path());
      Task outside = tasks.process();
      // Then
      assertThat(answers(parent.fork(), parent.thread(), parent.thread().vfork()))
          .containsOnly(DENIED);
      assertThat(answers(other.fork(), other.thread(), outside.fork())).containsOnly(CONNECTED);
      assertThat(answers(other.forkInto(untrusted.path()), parent.forkInto(trusted.path())))
          .containsExactly(DENIED, CONNECTED);
      assertThat(answers(tasks.processesIn(untrusted.path(), MANY)))
          .hasSize(MANY)
          .containsOnly(DENIED);
      assertThat(answers(tasks.processesIn(trusted.path(), MANY)))
          .hasSize(MANY)
          .containsOnly(CONNECTED);
      assertThat(consumer.isAlive()).isTrue();
    }
  }

  @Test
  void aProcessThatMovesIsAnsweredByWhereItIs(Tasks tasks) {
    // Given
    Task process = tasks.process();
    try (Child consumer = start()) {
      // When
      process.moveTo(untrusted.path());
      String inside = answer(process);
      process.moveTo(trusted.path());
      // Then
      assertThat(inside).isEqualTo(DENIED);
      assertThat(answer(process)).isEqualTo(CONNECTED);
      assertThat(consumer.isAlive()).isTrue();
    }
  }

  @Test
  void aChangeOfTheValuesTurnsTheAnswersToRunningTasks(Tasks tasks) {
    // Given
    Task first = tasks.processIn(untrusted.path());
    Task second = tasks.processIn(trusted.path());
    Task firstThread = first.thread();
    Task secondThread = second.thread();
    try (Child consumer = start()) {
      assertThat(answers(first, firstThread, second, secondThread, first))
          .containsExactly(DENIED, DENIED, CONNECTED, CONNECTED, DENIED);
      // When
      assign(untrusted, TRUSTED);
      assign(trusted, UNTRUSTED);
      store.sweep();
      // Then
      assertThat(answers(first, firstThread, second, secondThread, second.fork(), first.fork()))
          .containsExactly(CONNECTED, CONNECTED, DENIED, DENIED, DENIED, CONNECTED);
      assertThat(values())
          .as("the field that the program counts in")
          .containsEntry(first.tid(), value(2, 2))
          .containsEntry(firstThread.tid(), value(2, 1))
          .containsEntry(second.tid(), value(1, 1))
          .containsEntry(secondThread.tid(), value(1, 1));
      assertThat(consumer.isAlive()).isTrue();
    }
  }

  @Test
  void withoutAnEntryNothingIsDenied(Tasks tasks) {
    // Given
    Task process = tasks.processIn(untrusted.path());
    try (Child consumer = start()) {
      assertThat(answer(process)).isEqualTo(DENIED);
      // When
      store.unassign(new CgroupId(untrusted.id()));
      store.sweep();
      // Then
      assertThat(answers(process, process.fork())).containsOnly(CONNECTED);
      assertThat(store.entries(DenyByValue.NAME)).isEmpty();
      assertThat(consumer.isAlive()).isTrue();
    }
  }

  @Test
  void itGoesOnWhileNoAgentRuns(Tasks tasks) {
    // Given
    Task process = tasks.processIn(untrusted.path());
    try (Child consumer = start()) {
      // When
      store.close();
      List<String> meanwhile =
          answers(process, process.fork(), tasks.processIn(untrusted.path()), tasks.process());
      store = TaskStores.inKernel(tree, cgroups);
      // Then
      assertThat(meanwhile).containsExactly(DENIED, DENIED, DENIED, CONNECTED);
      assertThat(consumer.isAlive()).isTrue();
    }
  }

  @Test
  void onceItHasEndedNothingIsDenied(Tasks tasks) {
    // Given
    Task process = tasks.processIn(untrusted.path());
    Outcome outcome;
    try (Child consumer = start()) {
      assertThat(answers(process, process)).containsOnly(DENIED);
      // When
      consumer.signal(Signal.TERM);
      outcome = consumer.awaitExit();
    }
    // Then
    assertThat(answers(process, process.fork())).containsOnly(CONNECTED);
    assertThat(outcome.stdout()).matches("denying\nasked=[0-9]+ denied=2\n");
    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
  }

  private Child start() {
    return DenyByValue.start(tree.publicPin(DenyByValue.BPF_NAME));
  }

  private void assign(Cgroup cgroup, Row row) {
    store.assign(new CgroupId(cgroup.id()), row);
  }

  private Map<Integer, Value> values() {
    return store.entries(DenyByValue.NAME).stream()
        .collect(Collectors.toMap(Entry::tid, Entry::value));
  }

  private List<String> answers(Task... tasks) {
    return answers(List.of(tasks));
  }

  private List<String> answers(List<Task> tasks) {
    return tasks.stream().map(this::answer).toList();
  }

  /** What the kernel says to a task that connects: nothing, or an errno. */
  private String answer(Task task) {
    try {
      task.connect(server.getLocalPort());
      return CONNECTED;
    } catch (TaskRefused e) {
      return String.valueOf(e.getMessage()).replaceFirst(".*: (E[A-Z]+) .*", "$1");
    }
  }
}
