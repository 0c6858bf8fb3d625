package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.asm.SamplePrograms;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A ring buffer between a program and this JVM. The program counts its runs and the events it had
 * no room for; other programs on the machine make tasks too, so the counts are compared, not
 * foretold.
 */
@KernelTest
class RingBufferKernelTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  /** At least one page on every machine. */
  static final int RING_BYTES = 1 << 16;

  /** An event: which task was born. */
  private record Born(int pid, int tgid) {
    static Born read(byte[] event) {
      ByteBuffer buffer = ByteBuffer.wrap(event).order(ByteOrder.nativeOrder());
      Born born = new Born(buffer.getInt(), buffer.getInt());
      // The program writes the pid at the end again: the record is whole.
      assertThat(buffer.getLong(event.length - 8)).isEqualTo(born.pid());
      return born;
    }

    static Born of(Task task) {
      return new Born(task.tid(), task.pid());
    }
  }

  static Program load(RingBuffer events, PlainMap counts, int eventBytes) {
    ProgramSpec spec =
        new ProgramSpec(
            "newtask_events",
            new ProgramType.Tracepoint("task_newtask"),
            "GPL",
            SamplePrograms.newtaskEvents(ProgramSamples.taskOffsets(), eventBytes));
    return Program.load(spec, Map.of("events", events, "counts", counts));
  }

  private static long count(PlainMap counts, int element) {
    return ProgramSamples.u64(counts.lookup(ProgramSamples.u32(element)).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 24, 1000, 4096, 20_000})
  void carriesEventsOfAnySizeOverTheEndOfTheRing(int eventBytes) {
    // Given: rounds that fill the ring several times; after each everything is read.
    List<Born> expected = new ArrayList<>();
    List<Born> read = new ArrayList<>();
    long runs;
    long lost;
    try (RingBuffer events = RingBuffer.create("events", RING_BYTES);
        PlainMap counts = PlainMap.array("counts", 8, 2);
        Tasks tasks = Tasks.start();
        Program program = load(events, counts, eventBytes)) {
      Task process = tasks.process();
      int perRound = Math.min(100, RING_BYTES / (eventBytes + 8));

      // When
      try (TracepointLink _ = TracepointLink.attach(program)) {
        for (long bytes = 0; bytes < 3L * RING_BYTES; bytes += perRound * (eventBytes + 8L)) {
          process.threads(perRound).forEach(task -> expected.add(Born.of(task)));
          events.drain().forEach(event -> read.add(Born.read(event)));
        }
      }
      events.drain().forEach(event -> read.add(Born.read(event)));
      runs = count(counts, 0);
      lost = count(counts, 1);
    }

    // Then
    assertThat(read.size() + lost).isEqualTo(runs);
    if (lost == 0) {
      assertThat(read).containsSubsequence(expected);
    }
    assertThat(read.stream().filter(born -> born.tgid() == expected.getFirst().tgid()))
        .isSubsetOf(expected);
  }

  @Test
  void losesNothingThatFitsAndCountsTheRest() {
    // Given: room for three events of 20,008 bytes in 65,536.
    try (RingBuffer events = RingBuffer.create("events", RING_BYTES);
        PlainMap counts = PlainMap.array("counts", 8, 2);
        Tasks tasks = Tasks.start();
        Program program = load(events, counts, 20_000)) {
      Task process = tasks.process();

      // When
      List<Task> born;
      try (TracepointLink _ = TracepointLink.attach(program)) {
        born = process.threads(10);
      }
      long unread = events.unreadBytes();
      List<byte[]> read = events.drain();

      // Then
      assertThat(read).hasSize(3);
      assertThat(unread).isEqualTo(3 * 20_008);
      assertThat(count(counts, 1)).isEqualTo(count(counts, 0) - 3);
      assertThat(count(counts, 0)).isGreaterThanOrEqualTo(born.size());
    }
  }

  @Test
  void goesOnAfterItWasFull() {
    // Given
    try (RingBuffer events = RingBuffer.create("events", RING_BYTES);
        PlainMap counts = PlainMap.array("counts", 8, 2);
        Tasks tasks = Tasks.start();
        Program program = load(events, counts, 20_000)) {
      Task process = tasks.process();
      try (TracepointLink _ = TracepointLink.attach(program)) {
        process.threads(10);
      }
      events.drain();

      // When
      Task late;
      try (TracepointLink _ = TracepointLink.attach(program)) {
        late = process.thread();
      }

      // Then
      assertThat(events.drain().stream().map(Born::read)).contains(Born.of(late));
    }
  }

  @Test
  void losesAnEventThatIsLargerThanTheRing() {
    // Given
    try (RingBuffer events = RingBuffer.create("events", RING_BYTES);
        PlainMap counts = PlainMap.array("counts", 8, 2);
        Tasks tasks = Tasks.start();
        Program program = load(events, counts, RING_BYTES)) {
      // When
      try (TracepointLink _ = TracepointLink.attach(program)) {
        tasks.process();
      }

      // Then
      assertThat(events.drain()).isEmpty();
      assertThat(count(counts, 1)).isPositive().isEqualTo(count(counts, 0));
    }
  }

  @Test
  void wakesAReaderThatWaits() throws Exception {
    // Given
    try (RingBuffer events = RingBuffer.create("events", RING_BYTES);
        PlainMap counts = PlainMap.array("counts", 8, 2);
        Tasks tasks = Tasks.start();
        ExecutorService reader = Executors.newSingleThreadExecutor();
        Program program = load(events, counts, 16);
        TracepointLink _ = TracepointLink.attach(program)) {
      events.drain();
      Future<List<byte[]>> waiting = reader.submit(() -> events.poll(LONG));

      // When
      tasks.process();

      // Then
      assertThat(waiting.get()).isNotEmpty();
    }
  }

  @Test
  void givesUpWaitingAfterTheLimit() {
    // Given
    try (RingBuffer events = RingBuffer.create("events", RING_BYTES)) {
      // When
      List<byte[]> read = events.poll(Duration.ofMillis(1));

      // Then
      assertThat(read).isEmpty();
    }
  }

  @Test
  void aNewReaderGoesOnWhereTheLastStopped(@BpffsMount Path bpffs) {
    // Given
    Path pin = bpffs.resolve("events");
    List<Born> expected = new ArrayList<>();
    List<Born> read = new ArrayList<>();
    try (Tasks tasks = Tasks.start();
        PlainMap counts = PlainMap.array("counts", 8, 2)) {
      Task process = tasks.process();
      try (RingBuffer events = RingBuffer.create("events", RING_BYTES);
          Program program = load(events, counts, 16);
          TracepointLink _ = TracepointLink.attach(program)) {
        events.pin(pin);
        expected.add(Born.of(process.thread()));
        events.drain().forEach(event -> read.add(Born.read(event)));
        expected.add(Born.of(process.thread()));
      }

      // When
      try (RingBuffer again = RingBuffer.open(pin)) {
        again.drain().forEach(event -> read.add(Born.read(event)));
      }
    }

    // Then
    assertThat(read.stream().filter(born -> born.tgid() == expected.getFirst().tgid()))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void cannotBeReadAfterItIsClosed() {
    // Given
    RingBuffer events = RingBuffer.create("events", RING_BYTES);
    events.close();

    // When, Then
    assertThatThrownBy(events::drain)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Already closed");
    events.close();
  }

  @Test
  void refusesASizeThatIsNoPowerOfTwo() {
    // When, Then
    assertThatThrownBy(() -> RingBuffer.create("events", 100_000))
        .hasMessage(
            "map create events: EINVAL (invalid argument): sizes are greater than zero; a ring"
                + " buffer's is a power of two and at least a page");
  }

  @Test
  void refusesAPinOfAnotherKind(@BpffsMount Path bpffs) {
    // Given
    Path pin = bpffs.resolve("counts");
    try (PlainMap counts = PlainMap.array("counts", 8, 2)) {
      counts.pin(pin);
    }

    // When, Then
    assertThatThrownBy(() -> RingBuffer.open(pin))
        .hasMessage(
            "map open %s: EINVAL (invalid argument): it is a map of type 2, not a ring buffer"
                    .formatted(pin)
                + " (type 27)");
  }
}
