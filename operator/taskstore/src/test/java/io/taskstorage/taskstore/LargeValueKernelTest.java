package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.Probe;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Owner;
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
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The largest values that this kernel takes, whole and byte for byte. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class LargeValueKernelTest {
  private static final int WORDS = new Probe().largestValueBytes() / Long.BYTES;
  private static final int BYTES = WORDS * Long.BYTES;
  private static final MapName LARGE = new MapName("large");

  /** What programs own lies in its middle. */
  private static final StructLayout LAYOUT =
      StructLayout.of(
          "large",
          List.of(
              Field.array("before", ScalarType.U64, WORDS / 2),
              Field.scalar("program", ScalarType.U64).ownedBy(Owner.PROGRAM),
              Field.array("after", ScalarType.U64, WORDS - WORDS / 2 - 1)));

  private final Random random = new Random(1);
  private World world;
  private TaskStore store;
  private Task process;

  @BeforeEach
  void open(CgroupSandbox sandbox, @BpffsMount Path bpffs, Tasks tasks) {
    world = World.real(sandbox);
    store = TaskStores.inKernel(new PinTree(bpffs), world.membership());
    store.install(new StoreMap(LARGE, new BpfName("large"), LAYOUT, Reclaim.DELETE));
    process = tasks.process();
    world.mkdir("/a");
    world.move(process, "/a");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aSweepBringsAllOfThem() {
    // Given
    assertThat(LAYOUT.sizeBytes()).isEqualTo(BYTES).isGreaterThanOrEqualTo(8_120);
    Value first = anyValue();
    Value second = anyValue();
    // When
    SweepResult made = assign(first);
    // Then
    assertThat(made.counts(LARGE)).isEqualTo(new SweepCounts(1, 1, 0, 0, 0, 0, 0));
    assertThat(value(process)).isEqualTo(first);
    // When
    SweepResult changed = assign(second);
    // Then
    assertThat(changed.counts(LARGE)).isEqualTo(new SweepCounts(1, 0, 1, 0, 0, 0, 0));
    assertThat(value(process)).isEqualTo(second);
    // When
    SweepResult same = assign(second);
    // Then
    assertThat(same.counts(LARGE)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aNewTaskHasAllOfThem() {
    // Given
    Value value = anyValue();
    assign(value);
    // When
    Task child = process.fork();
    Task thread = process.thread();
    // Then
    assertThat(value(child)).isEqualTo(value);
    assertThat(value(thread)).isEqualTo(value);
    assertThat(store.verify().counts(LARGE)).isEqualTo(new SweepCounts(3, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aSingleByteIsADifferenceWhereverItIs() {
    // Given
    byte[] bytes = anyValue().toBytes();
    assign(Value.of(bytes));
    int afterProgram = LAYOUT.field("after").orElseThrow().offsetBytes();
    for (int at : List.of(0, BYTES / 3, afterProgram - 9, afterProgram, BYTES - 1)) {
      bytes[at] ^= 1;
      // When
      SweepResult swept = assign(Value.of(bytes));
      // Then
      assertThat(swept.counts(LARGE)).as("byte " + at).isEqualTo(updated());
      assertThat(value(process)).as("byte " + at).isEqualTo(Value.of(bytes));
    }
  }

  @Test
  void whatAProgramOwnsInTheMiddleStays() {
    // Given
    assign(anyValue());
    byte[] own = new byte[Long.BYTES];
    Arrays.fill(own, (byte) 7);
    Value written = value(process).withField(LAYOUT.field("program").orElseThrow(), own);
    store.access(LARGE).set(process.tid(), written);
    Value next = anyValue();
    // When
    SweepResult swept = assign(next);
    // Then
    assertThat(swept.counts(LARGE)).isEqualTo(updated());
    assertThat(value(process))
        .isEqualTo(next.withField(LAYOUT.field("program").orElseThrow(), own));
  }

  @Test
  void allOfThemAreListed() {
    // Given
    Value value = anyValue();
    assign(value);
    // When
    List<Entry> entries = store.entries(LARGE);
    // Then
    assertThat(entries).extracting(Entry::tid).containsExactly(process.tid());
    assertThat(entries).extracting(Entry::value).containsExactly(value);
  }

  @Test
  void whatIsNoWordAtTheEndArrivesToo() {
    // Given
    int bytes = new Probe().largestValueBytes();
    MapName name = new MapName("odd");
    StructLayout odd =
        StructLayout.of("odd", List.of(Field.array("bytes", ScalarType.BYTES, bytes)));
    store.remove(LARGE, Reclaim.DELETE);
    store.install(new StoreMap(name, new BpfName("odd"), odd, Reclaim.DELETE));
    byte[] wanted = new byte[bytes];
    random.nextBytes(wanted);
    store.assign(world.mkdir("/a"), new Row(Map.of(name, Value.of(wanted))));
    // When
    store.sweep();
    wanted[bytes - 1] ^= 1;
    store.assign(world.mkdir("/a"), new Row(Map.of(name, Value.of(wanted))));
    SweepResult swept = store.sweep();
    // Then
    assertThat(swept.counts(name)).isEqualTo(updated());
    for (Task task : List.of(process, process.fork())) {
      assertThat(store.access(name).get(task.tid()))
          .isEqualTo(new EntryAccess.TaskResult.Done(Value.of(wanted)));
    }
  }

  @Test
  void aMapThatIsTooMuchForTheVerifierIsRefusedAndTheOthersStayInForce() {
    // Given
    Value value = anyValue();
    assign(value);
    List<MapName> others = List.of(new MapName("second"), new MapName("third"));
    others.forEach(
        name ->
            store.install(new StoreMap(name, new BpfName(name.value()), LAYOUT, Reclaim.DELETE)));
    // When, Then
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(store::sweep)
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("load programs for 3 maps: program load ")
          .hasMessageContaining("the verifier says")
          .hasMessageEndingWith(": make their structs smaller or fewer, or use the plane rescan");
    }
    assertThat(value(process.fork())).isEqualTo(value);
    // When
    others.forEach(name -> store.remove(name, Reclaim.DELETE));
    // Then
    assertThat(store.sweep().counts(LARGE)).isEqualTo(new SweepCounts(2, 0, 0, 0, 0, 0, 0));
  }

  private static SweepCounts updated() {
    return new SweepCounts(1, 0, 1, 0, 0, 0, 0);
  }

  /** Any bytes but those of the program, which are zero in a new entry. */
  private Value anyValue() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Value.of(bytes).withField(LAYOUT.field("program").orElseThrow(), new byte[Long.BYTES]);
  }

  private SweepResult assign(Value value) {
    store.assign(world.mkdir("/a"), new Row(Map.of(LARGE, value)));
    return store.sweep();
  }

  private Value value(Task task) {
    if (store.access(LARGE).get(task.tid()) instanceof EntryAccess.TaskResult.Done(Value value)) {
      return value;
    }
    throw new AssertionError(task + " has no entry");
  }
}
