package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.inkernel.NodePrograms.MAX_MAPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As many maps as the programs have room for, and one more. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class ManyMapsKernelTest {
  /** Each of another size, so that none can stand for another. */
  private static final List<StoreMap> MAPS =
      IntStream.range(0, MAX_MAPS).mapToObj(ManyMapsKernelTest::map).toList();

  private static final StoreMap ONE_MORE = map(MAX_MAPS);

  private Path bpffs;
  private World world;
  private TaskStore store;
  private Task process;

  @BeforeEach
  void fill(CgroupSandbox sandbox, @BpffsMount Path mount, Tasks tasks) {
    bpffs = mount;
    world = World.real(sandbox);
    store = TaskStores.inKernel(new PinTree(bpffs), world.membership());
    MAPS.forEach(store::install);
    process = tasks.process();
    store.assign(world.mkdir("/a"), rowOf(MAPS, 1));
    world.move(process, "/a");
    store.sweep();
    MAPS.forEach(map -> store.publish(map.name()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aNewTaskHasItsValueInEachOfThem() {
    // When
    Task child = process.fork();
    Task thread = process.thread();
    // Then
    assertThat(MAPS).hasSize(16);
    assertThat(values(MAPS, process)).isEqualTo(rowOf(MAPS, 1).values());
    assertThat(values(MAPS, child)).isEqualTo(rowOf(MAPS, 1).values());
    assertThat(values(MAPS, thread)).isEqualTo(rowOf(MAPS, 1).values());
    assertThat(store.verify().maps().values())
        .hasSize(MAX_MAPS)
        .containsOnly(new SweepCounts(3, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aRowChangesInEachOfThem() {
    // Given
    Task child = process.fork();
    List<StoreMap> half = MAPS.subList(0, MAX_MAPS / 2);
    // When
    store.assign(world.mkdir("/a"), rowOf(half, 2));
    store.sweep();
    // Then
    assertThat(values(MAPS, child)).isEqualTo(rowOf(half, 2).values());
    assertThat(values(MAPS, process.fork())).isEqualTo(rowOf(half, 2).values());
  }

  @Test
  void oneMoreIsRefusedAndAllStaysAsItWas() {
    // Given
    List<String> pins = PinListing.of(bpffs);
    // When, Then
    assertThatThrownBy(() -> store.install(ONE_MORE))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "install many-16: 16 other maps are in force on this node, and its programs keep no"
                + " more: remove one of them, or put several into one map with more fields")
        .extracting(thrown -> ((StoreException) thrown).problem().reason())
        .isEqualTo("TooManyMaps");
    assertThat(PinListing.of(bpffs)).isEqualTo(pins);
    assertThat(store.sweep().changes()).isZero();
    assertThat(values(MAPS, process.fork())).isEqualTo(rowOf(MAPS, 1).values());
  }

  @Test
  void whatIsInForceCanBeInstalledAgainAndInAnotherLayout() {
    // Given
    StoreMap last = MAPS.getLast();
    StoreMap other = new StoreMap(last.name(), last.bpfName(), ONE_MORE.layout(), Reclaim.DELETE);
    // When
    Installation again = store.install(last);
    Installation changed = store.install(other);
    // Then
    assertThat(again).isEqualTo(new Installation.Adopted());
    assertThat(changed).isInstanceOf(Installation.Replaced.class);
  }

  @Test
  void whereOneGoesAnotherHasRoom() {
    // When
    store.remove(MAPS.getFirst().name(), Reclaim.DELETE);
    Installation installation = store.install(ONE_MORE);
    List<StoreMap> now =
        IntStream.rangeClosed(1, MAX_MAPS).mapToObj(ManyMapsKernelTest::map).toList();
    store.assign(world.mkdir("/a"), rowOf(now, 3));
    store.sweep();
    // Then
    assertThat(installation).isEqualTo(new Installation.Created());
    assertThat(values(now, process)).isEqualTo(rowOf(now, 3).values());
    assertThat(values(now, process.fork())).isEqualTo(rowOf(now, 3).values());
  }

  private static StoreMap map(int number) {
    return new StoreMap(
        new MapName("many-" + number),
        new BpfName("many_" + number),
        StructLayout.of(
            "many_" + number, List.of(Field.array("words", ScalarType.U64, number + 1))),
        Reclaim.DELETE);
  }

  private static Row rowOf(List<StoreMap> maps, int version) {
    return new Row(
        maps.stream()
            .collect(Collectors.toMap(StoreMap::name, map -> value(map.layout(), version))));
  }

  /** Its bytes tell map and version. */
  private static Value value(StructLayout layout, int version) {
    byte[] bytes = new byte[layout.sizeBytes()];
    Arrays.fill(bytes, (byte) (version << 5 | layout.sizeBytes() / Long.BYTES));
    return Value.of(bytes);
  }

  private Map<MapName, Value> values(List<StoreMap> maps, Task task) {
    Map<MapName, Value> values = new TreeMap<>();
    for (StoreMap map : maps) {
      if (store.access(map.name()).get(task.tid())
          instanceof EntryAccess.TaskResult.Done(var value)) {
        values.put(map.name(), value);
      }
    }
    return values;
  }
}
