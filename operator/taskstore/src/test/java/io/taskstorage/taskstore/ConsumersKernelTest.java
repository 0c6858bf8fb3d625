package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.field;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static io.taskstorage.taskstore.Samples.withHits;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.TaskFilter;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Bpftool;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others do with our pin: bpftool, BPF programs, C programs with libbpf. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS, KernelTest.Need.BPFTOOL})
class ConsumersKernelTest {
  private static final int HITS = field(TENANT_LAYOUT, "hits").offsetBytes();

  private PinTree tree;
  private World world;
  private TaskStore store;
  private CgroupId cgroup;

  @BeforeEach
  void publish(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    world = World.real(sandbox);
    store = TaskStores.rescan(tree, world.membership());
    cgroup = world.mkdir("/a");
    store.install(TENANT_MAP);
    store.assign(cgroup, row(tenant(7, "shop")));
    store.sweep();
    store.publish(TENANTS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void bpftoolShowsTheMapWithItsAttributes() {
    // When
    String map = bpftool("map", "show", "pinned", pin());
    // Then
    assertThat(map)
        .contains("task_storage", "name tenant_ctx", "flags 0x1")
        .contains("key 4B", "value 40B", "max_entries 0");
  }

  @Test
  void bpftoolShowsTheStructWithTheUsersFieldNames() {
    // Given
    String id;
    try (BpfMap map = BpfMap.open(tree.publicPin(TENANT_CTX), Access.READ_ONLY)) {
      id = Integer.toString(map.info().btfId());
    }
    // When
    String asC = bpftool("btf", "dump", "id", id, "format", "c");
    // Then
    assertThat(asC.lines().map(String::strip))
        .containsSequence(
            "struct tenant_ctx {",
            "__u64 tenant_id;",
            "char app[13];",
            "__u64 hits;",
            "__u32 tier;",
            "};");
  }

  @Test
  void aProgramsOwnFieldSurvivesEachChangeOfTheRow(Tasks tasks) {
    // Given
    Task process = member(tasks);
    Task thread = process.thread();
    store.sweep();
    count(process, 3);
    // When
    store.assign(cgroup, row(tenant(8, "bank")));
    SweepResult changed = store.sweep();
    count(process, 2);
    store.assign(cgroup, row(tenant(9, "game")));
    store.sweep();
    // Then
    assertThat(changed.counts(TENANTS).updated()).isEqualTo(2);
    assertThat(values())
        .isEqualTo(
            Map.of(
                process.tid(), withHits(tenant(9, "game"), 5),
                thread.tid(), withHits(tenant(9, "game"), 5)));
    assertThat(store.sweep().changes()).isZero();
  }

  @Test
  void anEntryThatAProgramMadeFirstIsCompletedAndLate(Tasks tasks) {
    // Given
    Task process = member(tasks);
    count(process, 1);
    // When
    SweepResult swept = store.sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 1, 0));
    assertThat(values()).isEqualTo(Map.of(process.tid(), withHits(tenant(7, "shop"), 1)));
  }

  @Test
  void aNewTasksOwnFieldIsZero(Tasks tasks) {
    // Given
    Task process = member(tasks);
    store.sweep();
    count(process, 5);
    Task child = process.fork();
    // When
    store.sweep();
    // Then
    assertThat(values()).containsEntry(child.tid(), tenant(7, "shop"));
  }

  @Test
  void aProgramWithLibbpfReusesThePinAndReadsTheSameBytes(@TempDir Path folder, Tasks tasks) {
    // Given
    Task process = member(tasks);
    store.sweep();
    Path object = bpfObject(folder, TENANT_LAYOUT.cHeader());
    // When
    Outcome read = libbpf(object, process);
    // Then
    assertThat(read.stdoutIfDone())
        .isEqualTo(
            "map %d value %s\n"
                .formatted(
                    PinListing.mapId(tree.publicPin(TENANT_CTX)), tenant(7, "shop").toHex()));
  }

  @Test
  void aProgramWithLibbpfAndAnotherStructIsRefused(@TempDir Path folder, Tasks tasks) {
    // Given
    Task process = member(tasks);
    Path object = bpfObject(folder, "struct tenant_ctx { unsigned long long tenant_id; };\n");
    // When
    Outcome read = libbpf(object, process);
    // Then
    assertThat(read.exitCode()).isEqualTo(1);
    assertThat(read.stderr()).contains("couldn't reuse pinned map", "parameter mismatch");
  }

  private Task member(Tasks tasks) {
    Task process = tasks.process();
    world.move(process, "/a");
    return process;
  }

  private void count(Task process, int times) {
    try (BpfMap map = BpfMap.open(tree.publicPin(TENANT_CTX), Access.READ_WRITE)) {
      for (int i = 0; i < times; i++) {
        ConsumerPrograms.count(map, HITS, new TaskFilter.ThreadsOf(process.pid()));
      }
    }
  }

  private Map<Integer, Value> values() {
    return store.entries(TENANTS).stream().collect(Collectors.toMap(Entry::tid, Entry::value));
  }

  /** What a consumer's build makes of the struct: an ELF object with a map definition in it. */
  private static Path bpfObject(Path folder, String header) {
    Path object = folder.resolve("map.o");
    try {
      Files.writeString(folder.resolve("tenant_ctx.h"), header);
    } catch (IOException e) {
      throw new AssertionError("write tenant_ctx.h", e);
    }
    String multiarch = Command.of("gcc", "-print-multiarch").run().stdoutIfDone().strip();
    Command.of(
            List.of(
                "bpf-gcc",
                "-gbtf",
                "-O2",
                "-c",
                resource("map.c").toString(),
                "-o",
                object.toString(),
                "-I",
                folder.toString(),
                "-isystem",
                "/usr/include",
                "-isystem",
                "/usr/include/" + multiarch))
        .run()
        .stdoutIfDone();
    return object;
  }

  private Outcome libbpf(Path object, Task task) {
    Path program = Gcc.compileFiles("reuse_pin", List.of(resource("reuse_pin.c")), "-lbpf");
    return Command.of(program.toString(), object.toString(), pin(), Integer.toString(task.pid()))
        .run();
  }

  private static Path resource(String name) {
    try {
      URL url = ConsumersKernelTest.class.getResource("/ConsumersKernelTest/" + name);
      return Path.of(Objects.requireNonNull(url, name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(name, e);
    }
  }

  private String bpftool(String... arguments) {
    return Bpftool.command(arguments).run().stdoutIfDone();
  }

  private String pin() {
    return tree.publicPin(TENANT_CTX).toString();
  }
}
