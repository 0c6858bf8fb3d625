package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What programs tell makes a sweep due, and what programs give is counted. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class KernelEventsKernelTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Reached only by a ring that never says that it is full. */
  private static final int MOST_CGROUPS = 500_000;

  private final AtomicInteger woken = new AtomicInteger();
  private PinTree tree;
  private CgroupSandbox sandbox;
  private Cgroup cgroup;

  @BeforeEach
  void make(@BpffsMount Path bpffs, CgroupSandbox cgroups) {
    tree = new PinTree(bpffs);
    sandbox = cgroups;
    cgroup = cgroups.create("a");
  }

  private TaskStore open() {
    TaskStore store = TaskStores.inKernel(tree, CgroupTree.open(sandbox.top().path()));
    store.listen(woken::incrementAndGet);
    store.install(TENANT_MAP);
    store.assign(new CgroupId(cgroup.id()), row(tenant(1, "a")));
    store.sweep();
    return store;
  }

  /** Other things on the machine may be told of at any time: so this is asked until it is true. */
  private static void awaitDue(TaskStore store) {
    await().atMost(LIMIT).until(store::isSweepDue);
  }

  @Test
  void aNewCgroupMakesASweepDue() {
    try (TaskStore store = open()) {
      int before = woken.get();
      // When
      sandbox.create("b");
      // Then
      awaitDue(store);
      assertThat(woken.get()).isGreaterThan(before);
      // When
      await().atMost(LIMIT).until(() -> isStillAfterSweep(store));
    }
  }

  @Test
  void aNewCgroupIsToldApartFromAMove(Tasks tasks) {
    AtomicInteger made = new AtomicInteger();
    Cgroup other = sandbox.create("b");
    try (TaskStore store = open()) {
      Task process = tasks.processIn(cgroup.path());
      process.threads(1);
      store.listen(telling(made));
      await().atMost(LIMIT).until(() -> isStillAfterSweep(store));
      int movesBefore = woken.get();
      // When: together with a cgroup that somebody else makes, a move is not told apart
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                other.add(process);
                cgroup.add(process);
                return woken.get() > movesBefore;
              });
      // When
      int madeBefore = made.get();
      sandbox.create("c");
      // Then
      await().atMost(LIMIT).until(() -> made.get() > madeBefore);
    }
  }

  @Test
  void aRemovedCgroupIsToldApart() {
    AtomicInteger removed = new AtomicInteger();
    try (TaskStore store = open()) {
      store.listen(
          new TaskStore.Wake() {
            @Override
            public void sweepDue() {
              woken.incrementAndGet();
            }

            @Override
            public void cgroupRemoved() {
              removed.incrementAndGet();
            }
          });
      await().atMost(LIMIT).until(() -> isStillAfterSweep(store));
      // When: together with what somebody else does, it is not told apart
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                sandbox.create("b").remove();
                return removed.get() > 0;
              });
      // Then
      awaitDue(store);
    }
  }

  private TaskStore.Wake telling(AtomicInteger made) {
    return new TaskStore.Wake() {
      @Override
      public void sweepDue() {
        woken.incrementAndGet();
      }

      @Override
      public void cgroupMade() {
        made.incrementAndGet();
      }
    };
  }

  private static boolean isStillAfterSweep(TaskStore store) {
    store.sweep();
    return !store.isSweepDue();
  }

  @Test
  void threadsOfAMovedProcessAreUpdatedNotForeign(Tasks tasks) {
    // Given
    Cgroup other = sandbox.create("b");
    try (TaskStore store = open()) {
      store.assign(new CgroupId(other.id()), row(tenant(2, "b")));
      Task process = tasks.processIn(cgroup.path());
      process.threads(3);
      await().atMost(LIMIT).until(() -> isStillAfterSweep(store));
      // When
      other.add(process);
      // Then
      awaitDue(store);
      SweepCounts counts = store.sweep().counts(TENANTS);
      assertThat(counts).isEqualTo(new SweepCounts(4, 0, 3, 0, 0, 0, 0));
      assertThat(store.entries(TENANTS)).extracting(Entry::value).containsOnly(tenant(2, "b"));
    }
  }

  @Test
  void aMoveWhileNoAgentRunsIsNoForeignWrite(Tasks tasks) {
    // Given
    Cgroup other = sandbox.create("b");
    Task process = tasks.processIn(cgroup.path());
    process.threads(3);
    try (TaskStore store = open()) {
      store.assign(new CgroupId(other.id()), row(tenant(2, "b")));
      store.sweep();
    }
    // When
    other.add(process);
    // Then
    try (TaskStore store = TaskStores.inKernel(tree, CgroupTree.open(sandbox.top().path()))) {
      store.listen(woken::incrementAndGet);
      store.install(TENANT_MAP);
      store.assign(new CgroupId(cgroup.id()), row(tenant(1, "a")));
      store.assign(new CgroupId(other.id()), row(tenant(2, "b")));
      SweepCounts counts = store.sweep().counts(TENANTS);
      assertThat(counts).isEqualTo(new SweepCounts(4, 0, 3, 0, 0, 0, 0));
    }
  }

  @Test
  void aMoveThatProgramsCouldNotTellIsNoForeignWrite(Tasks tasks) throws InterruptedException {
    // Given
    Cgroup other = sandbox.create("b");
    CountDownLatch isHeld = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    try (TaskStore store = open()) {
      store.assign(new CgroupId(other.id()), row(tenant(2, "b")));
      Task process = tasks.processIn(cgroup.path());
      process.threads(3);
      await().atMost(LIMIT).until(() -> isStillAfterSweep(store));
      // When nobody takes events out of their ring
      store.listen(
          () -> {
            isHeld.countDown();
            awaitUninterrupted(mayGoOn);
          });
      try {
        sandbox.create("c");
        assertThat(isHeld.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        overrun(store);
        other.add(process);
      } finally {
        mayGoOn.countDown();
      }
      SweepCounts counts = store.sweep().counts(TENANTS);
      // Then
      assertThat(counts).isEqualTo(new SweepCounts(4, 0, 3, 0, 0, 0, 0));
      assertThat(store.entries(TENANTS)).extracting(Entry::value).containsOnly(tenant(2, "b"));
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the thread that hears", e);
    }
  }

  /** Makes and removes cgroups until programs have said that they could not tell of one. */
  private void overrun(TaskStore store) {
    for (int i = 0; store.starts().lost() == 0; i++) {
      assertThat(i).as("cgroups that were told of twice").isLessThan(MOST_CGROUPS);
      sandbox.create("flood").remove();
    }
  }

  @Test
  void startsAreCountedAlsoWhileNoAgentRunsAndAcrossSetsOfMaps(Tasks tasks) {
    // Given
    Task process = tasks.processIn(cgroup.path());
    try (TaskStore store = open()) {
      assertThat(store.starts()).isEqualTo(Starts.NONE);
      process.threads(5);
      assertThat(store.starts()).isEqualTo(new Starts(5, 0, 0, 0));
    }
    // When
    process.fork();
    // Then
    try (TaskStore store = open()) {
      assertThat(store.starts()).isEqualTo(new Starts(6, 0, 0, 0));
      // When
      store.install(Samples.HINT_MAP);
      store.sweep();
      process.fork();
      // Then
      assertThat(store.starts()).isEqualTo(new Starts(7, 0, 0, 0));
    }
  }

  @Test
  void thePromiseIsTriedOnAThreadOfThisProcess() {
    assertThat(TaskStores.firstAct()).isEqualTo(new ProbeResult.Yes());
  }
}
