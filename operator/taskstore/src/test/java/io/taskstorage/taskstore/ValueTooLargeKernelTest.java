package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.AgentInForce.VALUE;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.Probe;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.AgentInForce.Origin;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What a kernel makes of large values: up to Linux 6.18 it takes 65,400 bytes; a later one has a
 * smaller limit, and what is above that is refused before anything is changed.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
@GuestTest(GuestSuite.IN_KERNEL)
class ValueTooLargeKernelTest {
  private static final int MUCH = 65_400;
  private static final int FITS_EVERY_KERNEL = 8_120;
  private static final MapName LARGE = new MapName("large");
  private static final BpfName LARGE_CTX = new BpfName("large");

  @Test
  void largeValuesAreTakenOrRefusedBeforeAnythingIsChanged(
      CgroupSandbox sandbox, @BpffsMount Path bpffs, Tasks tasks) {
    // Given
    PinTree tree = new PinTree(bpffs);
    Cgroup cgroup = sandbox.create("a");
    AgentInForce agent = new AgentInForce(tree, CgroupTree.open(sandbox.top().path()), cgroup);
    Task member = tasks.processIn(cgroup.path());
    int largest = new Probe().largestValueBytes();
    System.out.printf("the largest value of an entry has %d bytes%n", largest);
    assertThat(largest).isGreaterThanOrEqualTo(FITS_EVERY_KERNEL);
    try (TaskStore store = agent.open(Origin.OWN)) {
      if (largest >= MUCH) {
        // When, Then
        takes(store, agent, member, MUCH);
      } else {
        // When, Then
        takes(store, agent, member, FITS_EVERY_KERNEL);
        refuses(store, agent, member, largest + 1);
      }
    }
  }

  /** Another map, whose value has so many bytes, is filled and goes again. */
  private static void takes(TaskStore store, AgentInForce agent, Task member, int bytes) {
    byte[] some = new byte[bytes];
    new Random(1).nextBytes(some);
    Value value = Value.of(some);
    store.install(map(LARGE, LARGE_CTX, bytes));
    CgroupId cgroup = new CgroupId(agent.cgroup().id());
    store.assign(cgroup, new Row(Map.of(TENANTS, VALUE, LARGE, value)));
    assertThat(store.sweep().counts(LARGE)).isEqualTo(new SweepCounts(1, 1, 0, 0, 0, 0, 0));
    for (Task task : List.of(member, member.fork())) {
      assertThat(store.access(LARGE).get(task.tid()))
          .isEqualTo(new EntryAccess.TaskResult.Done(value));
    }
    store.remove(LARGE, Reclaim.DELETE);
    store.assign(cgroup, Samples.row(VALUE));
    store.sweep();
  }

  /** Neither a new map of that size nor another layout of the one in force. */
  private static void refuses(TaskStore store, AgentInForce agent, Task member, int bytes) {
    List<String> pins = PinListing.of(agent.tree().root());
    int publicMap = PinListing.mapId(agent.tree().publicPin(TENANT_CTX));
    Map<String, Integer> links = agent.links();
    for (StoreMap refused :
        List.of(map(LARGE, LARGE_CTX, bytes), map(TENANTS, TENANT_CTX, bytes))) {
      assertThatThrownBy(() -> store.install(refused))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "install %s: this kernel takes no entry of %d bytes: make the struct smaller; 8120"
                  + " bytes fit every kernel",
              refused.name(), bytes)
          .extracting(e -> ((StoreException) e).problem().reason())
          .isEqualTo("ValueTooLarge");
      assertThat(PinListing.of(agent.tree().root())).isEqualTo(pins);
      assertThat(PinListing.mapId(agent.tree().publicPin(TENANT_CTX))).isEqualTo(publicMap);
      assertThat(agent.links()).isEqualTo(links);
      AgentInForce.assertAllRight(store, List.of(member, member.fork()));
      AgentInForce.assertStill(store);
      assertThat(agent.links()).isEqualTo(links);
    }
    assertThat(store.install(TENANT_MAP)).isEqualTo(new Installation.Adopted());
  }

  private static StoreMap map(MapName name, BpfName bpfName, int bytes) {
    Field field = Field.array("bytes", ScalarType.BYTES, bytes);
    StructLayout layout = StructLayout.of(bpfName.value(), List.of(field));
    return new StoreMap(name, bpfName, layout, Reclaim.DELETE);
  }
}
