package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.sys.Uapi;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** What {@code races.rows} says of two writers at one task. */
final class RaceChecks {
  private static final long LIMIT_NANOS = 60_000_000_000L;

  /** What a writer may hear; EBUSY, which programs know, is not among it. */
  private static final Set<Answer> EXPECTED =
      Set.of(Answer.OK, new Answer("ENOENT"), new Answer("EEXIST"), new Answer("EAGAIN"));

  /** One call of a writer. */
  @FunctionalInterface
  private interface Call {
    long on(RawMap map, int task);
  }

  private RaceChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    checks.add(
        "update.two-writers", scene -> race(scene, RaceChecks::update, new Answer("EAGAIN")));
    checks.add(
        "update.noexist-two-writers",
        scene -> race(scene, RaceChecks::create, new Answer("EEXIST")));
    checks.add(
        "delete.two-writers", scene -> race(scene, RaceChecks::delete, new Answer("ENOENT")));
    return checks;
  }

  private static long update(RawMap map, int task) {
    return map.update(task, map.filled(1), Uapi.BPF_ANY);
  }

  private static long create(RawMap map, int task) {
    return map.update(task, map.filled(1), Uapi.BPF_NOEXIST);
  }

  private static long delete(RawMap map, int task) {
    return map.delete(task, 0);
  }

  /**
   * Repeats a call, while another thread creates and deletes the same entry without end, until it
   * is answered as awaited.
   */
  private static Answer race(Scene scene, Call call, Answer awaited) throws Exception {
    RawMap map = scene.map();
    int task = scene.pidfd(scene.tasks().process());
    AtomicBoolean done = new AtomicBoolean();
    Set<Answer> heard = new HashSet<>();
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Set<Answer>> other = thread.submit(() -> writeUntil(done, map, task));
      try {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!heard.contains(awaited) && System.nanoTime() < end) {
          heard.add(Answer.of(call.on(map, task)));
          heard.add(Answer.of(update(map, task)));
          heard.add(Answer.of(delete(map, task)));
        }
      } finally {
        done.set(true);
      }
      assertThat(other.get()).isSubsetOf(EXPECTED);
    }
    assertThat(heard).isSubsetOf(EXPECTED);
    return heard.contains(awaited) ? awaited : Answer.OK;
  }

  private static Set<Answer> writeUntil(AtomicBoolean done, RawMap map, int task) {
    Set<Answer> heard = new HashSet<>();
    try (Scene scene = new Scene()) {
      RawMap own = new RawMap(scene, map.descriptor(), map.valueSize(), 0);
      while (!done.get()) {
        heard.add(Answer.of(update(own, task)));
        heard.add(Answer.of(delete(own, task)));
      }
    }
    return heard;
  }
}
