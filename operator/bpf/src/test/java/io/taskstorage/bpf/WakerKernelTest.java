package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A wait for a record that has no limit, and how it ends. */
@KernelTest
class WakerKernelTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void aWaitEndsWhenItIsWoken() throws Exception {
    try (RingBuffer events = RingBuffer.create("events", RingBufferKernelTest.RING_BYTES);
        Waker waker = Waker.create();
        ExecutorService reader = Executors.newSingleThreadExecutor()) {
      // Given
      Future<?> wait = reader.submit(() -> events.await(waker));
      assertThat(wait.isDone()).isFalse();
      // When
      waker.wake();
      // Then
      wait.get(LONG.toSeconds(), TimeUnit.SECONDS);
      events.await(waker);
      assertThat(events.drain()).as("nobody has written").isEmpty();
    }
  }

  @Test
  void aWaitWithoutLimitEndsWithARecord() throws Exception {
    try (RingBuffer events = RingBuffer.create("events", RingBufferKernelTest.RING_BYTES);
        PlainMap counts = PlainMap.array("counts", 8, 2);
        Tasks tasks = Tasks.start();
        Program program = RingBufferKernelTest.load(events, counts, 16);
        Waker waker = Waker.create();
        ExecutorService reader = Executors.newSingleThreadExecutor()) {
      Task process = tasks.process();
      Future<?> wait;
      try (TracepointLink _ = TracepointLink.attach(program)) {
        // Given
        wait = reader.submit(() -> events.await(waker));
        // When
        process.fork();
        // Then
        wait.get(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(events.drain()).isNotEmpty();
      }
    }
  }
}
