package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Descriptors of tasks, on real tasks. */
@KernelTest
class PidfdKernelTest {
  /** A few of them are met between their end and that of their number. */
  private static final int ENDS = 100;

  @Test
  void followsATaskToItsEnd(Tasks tasks) {
    // Given
    Task process = tasks.process();
    try (Pidfd pidfd = ByteMaps.open(process.pid())) {

      // When
      TaskState alive = pidfd.state();
      process.exit();
      TaskState exited = pidfd.state();
      process.reap();
      TaskState reaped = pidfd.state();

      // Then
      assertThat(alive).isEqualTo(TaskState.ALIVE);
      assertThat(exited).isEqualTo(TaskState.EXITED);
      assertThat(reaped).isEqualTo(TaskState.REAPED);
      assertThat(pidfd.tid()).isEqualTo(process.pid());
      assertThat(pidfd).hasToString("pidfd of task " + process.pid());
    }
  }

  @Test
  void aLeaderLivesWhileItsThreadsDo(Tasks tasks) {
    // Given
    Task process = tasks.process();
    process.thread();
    try (Pidfd pidfd = ByteMaps.open(process.pid())) {

      // When
      process.exitThread();

      // Then
      assertThat(pidfd.state()).isEqualTo(TaskState.ALIVE);
    }
  }

  @Test
  void aNumberThatNobodyHasIsGone(Tasks tasks) {
    // Given
    Task process = tasks.process();
    process.exit();
    process.reap();

    // When
    PidfdResult result = Pidfd.openProcess(process.pid());

    // Then
    assertThat(result).isEqualTo(new PidfdResult.Gone());
  }

  @Test
  void aThreadIsNoProcess(Tasks tasks) {
    // Given
    Task thread = tasks.process().thread();

    // When
    PidfdResult result = Pidfd.openProcess(thread.tid());

    // Then
    assertThat(result)
        .isInstanceOfSatisfying(
            PidfdResult.Refused.class,
            refused ->
                assertThat(refused.cause())
                    .hasMessageMatching(
                        "pidfd open process %d: (ENOENT|EINVAL) \\([a-z ]+\\): it is a thread that leads no process: open it as a thread"
                            .formatted(thread.tid())));
  }

  @Test
  void aThreadIsOpenedAsOneWhereTheKernelCan(Tasks tasks) {
    // Given
    Task thread = tasks.process().thread();
    boolean can = new Probe().threadPidfd() instanceof ProbeResult.Yes;

    // When
    PidfdResult result = Pidfd.openThread(thread.tid());

    // Then
    if (result instanceof PidfdResult.Opened(Pidfd pidfd)) {
      try (pidfd) {
        assertThat(pidfd.state()).isEqualTo(TaskState.ALIVE);
      }
    }
    assertThat(result)
        .isInstanceOf(can ? PidfdResult.Opened.class : PidfdResult.ThreadUnsupported.class);
  }

  @Test
  void aThreadThatEndsMeanwhileIsThereOrGone(Tasks tasks) {
    // Given
    Task process = tasks.process();
    boolean can = new Probe().threadPidfd() instanceof ProbeResult.Yes;
    Set<Class<?>> answers = new HashSet<>();
    for (int i = 0; i < ENDS; i++) {
      Task thread = process.thread();
      Thread ender = Thread.ofPlatform().start(thread::exitThread);

      // When it is asked for until it has ended
      do {
        PidfdResult result = Pidfd.openThread(thread.tid());
        if (result instanceof PidfdResult.Opened(Pidfd pidfd)) {
          pidfd.close();
        }
        answers.add(result.getClass());
      } while (ender.isAlive());
    }

    // Then
    assertThat(answers)
        .isSubsetOf(
            PidfdResult.Gone.class,
            can ? PidfdResult.Opened.class : PidfdResult.ThreadUnsupported.class);
  }

  @Test
  void aLeaderIsAThreadToo(Tasks tasks) {
    // Given
    Task process = tasks.process();

    // When
    PidfdResult result = Pidfd.openThread(process.tid());

    // Then
    assertThat(result).isInstanceOf(PidfdResult.Opened.class);
    if (result instanceof PidfdResult.Opened(Pidfd pidfd)) {
      pidfd.close();
    }
  }

  @Test
  void noTaskHasANumberBelowOne() {
    assertThatThrownBy(() -> Pidfd.openProcess(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pidfd open process 0: the number of a task is greater than zero");
    assertThatThrownBy(() -> Pidfd.openThread(-1))
        .hasMessage("pidfd open thread -1: the number of a task is greater than zero");
  }

  @Test
  void belongsToOneThread(Tasks tasks) throws InterruptedException {
    // Given
    try (Pidfd pidfd = ByteMaps.open(tasks.process().pid())) {
      FutureTask<TaskState> elsewhere = new FutureTask<>(pidfd::state);

      // When
      Thread.ofPlatform().start(elsewhere).join();

      // Then
      assertThatThrownBy(elsewhere::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(WrongThreadException.class)
          .hasMessageContaining("pidfd of task " + pidfd.tid() + ": belongs to ");
    }
  }
}
