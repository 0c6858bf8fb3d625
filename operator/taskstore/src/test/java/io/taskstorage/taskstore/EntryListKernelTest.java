package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.inkernel.EntryWalk;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entries are the same, whether a walk tells of them or each task is asked for. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class EntryListKernelTest {
  private PinTree tree;
  private Membership cgroups;
  private CgroupSandbox sandbox;

  @BeforeEach
  void make(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    cgroups = CgroupTree.open(sandbox.top().path());
    this.sandbox = sandbox;
  }

  @Test
  void aWalkFindsWhatQuestionsFind(Tasks tasks) {
    // Given
    Cgroup one = sandbox.create("one");
    Cgroup inner = sandbox.create("one", "inner");
    try (TaskStore store = TaskStores.rescan(tree, cgroups)) {
      store.install(TENANT_MAP);
      store.assign(new CgroupId(one.id()), row(tenant(1, "a")));
      Task process = tasks.processIn(one.path());
      process.threads(3);
      process.fork();
      tasks.processIn(inner.path());
      tasks.process();
      store.sweep();
      store.publish(TENANT_MAP.name());
      try (BpfMap entries = BpfMap.open(tree.publicPin(TENANT_MAP.bpfName()), Access.READ_WRITE)) {
        // When
        List<Entry> walked =
            EntryWalk.read(entries).map(found -> EntryList.of(found, cgroups)).orElseThrow();
        List<Entry> asked = EntryList.read(entries, cgroups, Pidfd::openThread);
        // Then
        assertThat(walked).hasSize(6).isEqualTo(asked);
      }
    }
  }

  @Test
  void valuesThatNoWalkCanTellAreAskedFor(Tasks tasks) {
    // Given
    StructLayout layout =
        StructLayout.of("large", List.of(Field.array("bytes", ScalarType.U8, 33_000)));
    StoreMap map = new StoreMap(new MapName("large"), new BpfName("large"), layout, Reclaim.DELETE);
    Cgroup cgroup = sandbox.create("a");
    try (TaskStore store = TaskStores.inKernel(tree, cgroups)) {
      store.install(map);
      Value value = Value.zero(33_000).withField(Samples.field(layout, "bytes"), pattern());
      store.assign(new CgroupId(cgroup.id()), new Row(Map.of(map.name(), value)));
      store.sweep();
      // When
      Task process = tasks.processIn(cgroup.path());
      // Then
      assertThat(store.entries(map.name()))
          .singleElement()
          .satisfies(entry -> assertThat(entry.tid()).isEqualTo(process.tid()))
          .satisfies(entry -> assertThat(entry.value()).isEqualTo(value));
    }
  }

  private static byte[] pattern() {
    byte[] bytes = new byte[33_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7);
    }
    return bytes;
  }
}
