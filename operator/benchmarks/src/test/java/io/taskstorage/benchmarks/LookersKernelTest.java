package io.taskstorage.benchmarks;

import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.benchmarks.MoveFigures.Kind;
import io.taskstorage.benchmarks.MoveFigures.Mover;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import io.taskstorage.testkit.KernelTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The C programs that look until an agent has done its work, beside a store that plays the agent:
 * what they answer is what the figures say.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class LookersKernelTest {
  private static final StoreMap MAP = Subject.map(0);
  private static final StoreMap OTHER_MAP = Subject.map(1);

  private Ground ground;
  private PinTree tree;
  private TaskStore store;

  @BeforeEach
  void openStore() {
    ground = Ground.make();
    tree = ground.pins("lookers");
    store = TaskStores.inKernel(tree, CgroupTree.open(ground.cgroupRoot()));
    List<StoreMap> maps = List.of(MAP, OTHER_MAP);
    maps.forEach(store::install);
    // It loads the programs.
    store.sweep();
    maps.forEach(map -> store.publish(map.name()));
  }

  @AfterEach
  void closeStore() {
    store.close();
    TaskStores.clean(tree);
    ground.close();
  }

  private void assign(Path cgroup, long number) {
    ByteBuffer bytes = ByteBuffer.allocate(Subject.layout().sizeBytes());
    bytes.order(ByteOrder.nativeOrder()).putLong(number);
    store.assign(
        new CgroupId(Ground.inode(cgroup)), new Row(Map.of(MAP.name(), Value.of(bytes.array()))));
  }

  /** With a value in each of the two cgroups. */
  private Contestant process(int threads, Mover mover) {
    List<Path> cgroups = List.of(ground.makeCgroup("here"), ground.makeCgroup("there"));
    assign(cgroups.getFirst(), 1);
    assign(cgroups.getLast(), 2);
    Kind kind = new Kind(threads, mover, true);
    Path pin = tree.publicPin(MAP.bpfName());
    return Contestant.start("moves", MoveFigures.command(ground, pin, kind, cgroups)).awaitReady();
  }

  private static FutureTask<SequencedMap<String, Double>> ask(Contestant program, String line) {
    FutureTask<SequencedMap<String, Double>> round = new FutureTask<>(() -> program.round(line));
    Thread.ofPlatform().daemon().name("round").start(round);
    return round;
  }

  @Test
  void aProcessOfOneThreadHasItsValueWithoutASweep() {
    try (Contestant process = process(1, Mover.ANOTHER)) {
      // When
      Map<String, Double> there = process.round();
      Map<String, Double> andBack = process.round();

      // Then
      assertThat(there).containsOnlyKeys("write", "last", "after", "1");
      assertThat(there.get("write")).isPositive();
      assertThat(there.get("last")).isEqualTo(there.get("1")).isPositive();
      assertThat(andBack.get("last")).isPositive();
    }
  }

  @Test
  void ofThreeThreadsTheLastIsThatWhichASweepReachedLast() throws Exception {
    for (Mover mover : Mover.values()) {
      try (Contestant process = process(3, mover)) {
        for (int move = 0; move < 2; move++) {
          // When
          FutureTask<SequencedMap<String, Double>> round = ask(process, "round");
          while (!round.isDone()) {
            store.sweep();
          }

          // Then
          Map<String, Double> times = round.get();
          assertThat(times).containsOnlyKeys("write", "last", "after", "1", "2", "3");
          assertThat(times.values()).allMatch(time -> time >= 0);
          assertThat(times.get("last"))
              .isEqualTo(
                  Stream.of("1", "2", "3").map(times::get).max(naturalOrder()).orElseThrow());
        }
      }
    }
  }

  @Test
  void aPodIsAnsweredForWhenItHasItsRow() throws Exception {
    try (Contestant maker = maker(MAP)) {
      // When its cgroup is there
      FutureTask<SequencedMap<String, Double>> round = ask(maker, "pod1");
      Path cgroup = await(ground.cgroup().resolve("pod1"));
      // Then there is no answer until its row is
      store.sweep();
      assertThat(round.isDone()).isFalse();
      assign(cgroup, 7);
      Map<String, Double> times = round.get();
      assertThat(times).containsOnlyKeys("mkdir", "row");
      assertThat(times.get("row")).isPositive();
    }
  }

  @Test
  void aRowThatGivesATaskNothingIsNoFigure() throws Exception {
    try (Contestant maker = maker(OTHER_MAP)) {
      // When
      FutureTask<SequencedMap<String, Double>> round = ask(maker, "pod1");
      assign(await(ground.cgroup().resolve("pod1")), 7);

      // Then
      assertThatThrownBy(round::get)
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("pods: ended instead of answering");
    }
  }

  private Contestant maker(StoreMap map) {
    return Contestant.start(
        "pods", PodFigures.command(ground, tree, map.bpfName().value(), ground.cgroup()));
  }

  private static Path await(Path cgroup) throws InterruptedException {
    while (!Files.exists(cgroup)) {
      Thread.sleep(1);
    }
    return cgroup;
  }
}
