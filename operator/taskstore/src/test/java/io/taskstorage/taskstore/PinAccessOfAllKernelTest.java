package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TASK_HINTS;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every public pin lets in whom it shall as soon as a store is open, and no other pin does. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class PinAccessOfAllKernelTest {
  private static final PinAccess READERS = new PinAccess(0640, OptionalInt.of(4242));
  private static final PinAccess WRITERS = new PinAccess(0660, OptionalInt.of(4243));

  private PinTree tree;
  private Path pin;
  private Membership cgroups;

  @BeforeEach
  void tree(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    pin = tree.publicPin(TENANT_CTX);
    cgroups = CgroupTree.open(sandbox.top().path());
  }

  @Test
  void toOpenIsEnoughForEveryPinToLetInWhomItShall() {
    // Given: one map that nobody asks for yet, and one that is only kept.
    StoreMap kept = new StoreMap(HINTS, TASK_HINTS, HINT_LAYOUT, Reclaim.RETAIN);
    publish();
    try (TaskStore store = TaskStores.rescan(tree.letting(READERS), cgroups)) {
      store.install(kept);
      store.publish(HINTS);
      store.remove(HINTS, Reclaim.RETAIN);
    }
    List<Integer> maps = publicMaps();
    for (PinAccess next : List.of(WRITERS, PinAccess.PRIVATE, READERS)) {
      // When
      TaskStores.rescan(tree.letting(next), cgroups).close();
      // Then
      assertThat(List.of(seen(pin), seen(tree.publicPin(TASK_HINTS))))
          .containsOnly(PinAccess.text(next.mode()) + " " + next.group().orElse(0));
      assertThat(Records.list(tree))
          .hasSize(2)
          .allMatch(
              record ->
                  RecordMemory.access(record.folder())
                      .equals(next.isShared() ? List.of(next) : List.of()));
    }
    assertThat(publicMaps()).isEqualTo(maps);
  }

  @Test
  void whatSomebodyElseLoosenedStaysAsItIsWhereItsMapIsOnlyKept() throws IOException {
    // Given
    publish();
    try (TaskStore store = TaskStores.rescan(tree.letting(READERS), cgroups)) {
      store.remove(TENANTS, Reclaim.RETAIN);
    }
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-rw-rw-"));
    // When
    TaskStores.rescan(tree, cgroups).close();
    // Then
    assertThat(seen(pin)).isEqualTo("0666 4242");
    assertThat(RecordMemory.access(Records.find(tree, TENANTS).orElseThrow().folder()))
        .containsExactly(READERS);
  }

  @ParameterizedTest
  @EnumSource(names = {"RESCAN", "IN_KERNEL"})
  void nothingButThePublicPinIsEverOpenToOthers(Plane plane) {
    // Given
    List<String> open = new ArrayList<>();
    PinTree asked = tree.letting(WRITERS);
    PinFolders.Steps watch =
        step ->
            PinListing.of(tree.agentFolder()).stream()
                .filter(PinAccessOfAllKernelTest::isOpen)
                .forEach(open::add);
    // When
    try (TaskStore store =
        plane == Plane.RESCAN
            ? TaskStores.rescan(asked, cgroups, watch)
            : TaskStores.inKernel(asked, cgroups, watch)) {
      store.install(TENANT_MAP);
      store.sweep();
      store.publish(TENANTS);
    }
    // Then: but for the pin that is about to be public, in a folder that is 0700.
    assertThat(seen(pin)).isEqualTo("0660 4243");
    assertThat(new TreeSet<>(open)).containsExactly("0660 new/tenant_ctx");
    assertThat(PinListing.of(tree.root()).stream().filter(PinAccessOfAllKernelTest::isOpen))
        .containsExactlyInAnyOrder("0755 taskstorage/", "0660 taskstorage/tenant_ctx");
    assertThat(PinListing.of(tree.programs()).isEmpty()).isEqualTo(plane == Plane.RESCAN);
  }

  private void publish() {
    try (TaskStore store = TaskStores.rescan(tree.letting(READERS), cgroups)) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
    }
  }

  private List<Integer> publicMaps() {
    return List.of(PinListing.mapId(pin), PinListing.mapId(tree.publicPin(TASK_HINTS)));
  }

  /** Of a line of a listing; symlinks, which have no mode, begin with a path. */
  private static boolean isOpen(String line) {
    return line.startsWith("0") && !line.startsWith("0600 ") && !line.startsWith("0700 ");
  }

  private static String seen(Path pin) {
    return PinFolders.stat(pin).map(stat -> stat.modeText() + " " + stat.gid()).orElse("nothing");
  }
}
