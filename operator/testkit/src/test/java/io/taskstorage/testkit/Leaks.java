package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Tests that leave something behind, run by {@link ResidueKernelTest} and never on their own. */
class Leaks {
  private static final Deque<AutoCloseable> MADE = new ArrayDeque<>();

  /** Gives back what the leaking tests made, last first. */
  static void giveBack() throws Exception {
    while (!MADE.isEmpty()) {
      MADE.pop().close();
    }
  }

  @Test
  void map() {
    int map = Syscalls.createMap("leak");
    MADE.push(() -> Syscalls.close(map));
  }

  @Test
  void pidfd() {
    int pidfd = Syscalls.openPidfd(1);
    MADE.push(() -> Syscalls.close(pidfd));
  }

  @Test
  void openFolder() throws IOException {
    Path folder = RunName.newFolder();
    Path file = Files.createFile(folder.resolve("held"));
    FileInputStream stream = new FileInputStream(file.toFile());
    MADE.push(() -> Files.delete(folder));
    MADE.push(() -> Files.delete(file));
    MADE.push(stream);
  }

  @Test
  void mapping() {
    int ring = Syscalls.createRingBuffer();
    long page = Syscalls.mapConsumerPage(ring);
    Syscalls.close(ring);
    MADE.push(() -> Syscalls.unmapPage(page));
  }

  @Test
  void mount() {
    MADE.push(TemporaryBpffs.mount());
  }

  @Test
  void cgroup() {
    CgroupSandbox sandbox = CgroupSandbox.create();
    sandbox.create("nested");
    MADE.push(sandbox);
  }

  @Test
  void podOfAHost() {
    Path root = MountInfo.cgroup2Root().orElseThrow();
    Cgroup cluster =
        new Cgroup(root, root)
            .create("taskstorage-cluster-test-leak-" + ProcessHandle.current().pid() + "-abc");
    cluster.create("host-1", "kubepods", "besteffort", "pod1");
    MADE.push(cluster::removeTree);
  }

  @Test
  void thread() {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = Thread.ofPlatform().name("stays behind").start(() -> await(end));
    MADE.push(thread::join);
    MADE.push(end::countDown);
  }

  @Test
  void namedThread() {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform().daemon().name("taskstorage sweeper").start(() -> await(end));
    MADE.push(thread::join);
    MADE.push(end::countDown);
  }

  @Test
  void child() {
    MADE.push(Command.of("sleep", "1000").start());
  }

  @Test
  void tasks() {
    Tasks tasks = Tasks.start();
    tasks.process();
    MADE.push(tasks);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The bpffs is the class's, the pin a test's. */
  static class Pins {
    private static Path bpffs = Path.of("");

    @BeforeAll
    static void keep(@BpffsMount Path mounted) {
      bpffs = mounted;
    }

    @Test
    void pins() {
      int map = Syscalls.createMap("leak");
      Syscalls.pin(map, bpffs.resolve("left").toString());
      Syscalls.close(map);
    }
  }

  /** What no test made. */
  static class BeforeAllOfTheClass {
    @BeforeAll
    static void leak() {
      int map = Syscalls.createMap("leak");
      MADE.push(() -> Syscalls.close(map));
    }

    @Test
    void passes() {
      assertThat(MADE).hasSize(1);
    }
  }

  /** One of two tests leaks. */
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class Once {
    @Test
    @Order(1)
    void leaks() {
      int map = Syscalls.createMap("leak");
      MADE.push(() -> Syscalls.close(map));
    }

    @Test
    @Order(2)
    void leaksNothing() {
      assertThat(MADE).hasSize(1);
    }
  }

  /** Everything a test may ask for, given back by its owner. */
  static class Tidy {
    @Test
    void parameters(@BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
      Task task = tasks.processIn(sandbox.create("a", "b").path());
      int map = Syscalls.createMap("tidy");
      Syscalls.pin(map, bpffs.resolve("tidy").toString());
      Syscalls.close(map);
      assertThat(task.thread().state()).isEqualTo(Task.State.ALIVE);
    }

    @Test
    void child() {
      Outcome outcome = Command.of("echo", "said").run();
      assertThat(outcome.stdout()).isEqualTo("said\n");
    }
  }
}
