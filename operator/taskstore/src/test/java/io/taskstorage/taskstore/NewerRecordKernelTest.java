package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a newer version left and this one does not understand: named exactly, never touched. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class NewerRecordKernelTest {
  private static final String NEWER_LAYOUT = "tenant_ctx{tenant_id:U128}";

  private PinTree tree;
  private Membership cgroups;

  @BeforeEach
  void tree(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    cgroups = CgroupTree.open(sandbox.top().path());
  }

  @Test
  void itsPublicMapIsNotReplacedAndTheMessageNamesTheRecord() throws IOException {
    // Given
    Path record = recordOfANewerVersion(true);
    List<String> before = PinListing.of(tree.root());
    // When, Then
    try (TaskStore store = open()) {
      assertThatThrownBy(() -> store.install(TENANT_MAP))
          .isInstanceOf(StoreException.class)
          .hasMessage(message(record));
    }
    assertThat(PinListing.of(tree.root())).isEqualTo(before);
  }

  @Test
  void anInstalledMapDoesNotTakeThePathFromIt() throws IOException {
    // Given: the newer version's map comes to the path while ours is filled.
    Path record = recordOfANewerVersion(true);
    Path pin = tree.publicPin(TENANT_CTX);
    Path aside = tree.publicPin(new BpfName("aside"));
    Files.move(pin, aside);
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      Files.move(aside, pin);
      int id = PinListing.mapId(pin);
      // When, Then
      assertThatThrownBy(() -> store.publish(TENANTS)).hasMessage(message(record));
      assertThat(PinListing.mapId(pin)).isEqualTo(id);
    }
  }

  @Test
  void itStaysWhenTheMapIsRemoved() throws IOException {
    // Given
    recordOfANewerVersion(true);
    List<String> before = PinListing.of(tree.root());
    // When
    try (TaskStore store = open()) {
      store.remove(TENANTS, Reclaim.DELETE);
    }
    // Then
    assertThat(PinListing.of(tree.root())).isEqualTo(before);
  }

  @Test
  void itIsNotInTheWayOfAMapOfOursWhileItIsNotPublic() throws IOException {
    // Given
    Path record = recordOfANewerVersion(false);
    // When
    try (TaskStore store = open()) {
      Installation installed = store.install(TENANT_MAP);
      store.publish(TENANTS);
      // Then
      assertThat(installed).isEqualTo(new Installation.Created());
    }
    assertThat(record.resolve(PinTree.MAP_PIN)).exists();
    assertThat(Records.list(tree)).hasSize(1);
  }

  @Test
  void whoeverAsksForItsMapIsToldWhatItIs() throws IOException {
    // Given
    Path record = recordOfANewerVersion(true);
    // When, Then
    assertThat(Records.list(tree)).isEmpty();
    assertThat(Records.find(tree, new MapName("others"))).isEmpty();
    assertThatThrownBy(() -> Records.find(tree, TENANTS)).hasMessage(message(record));
  }

  @Test
  void aFolderWithANameThatWeWouldNotGiveIsOneToo() throws IOException {
    // Given
    Path record = recordOfANewerVersion(true);
    Path renamed = tree.maps().resolve("Tenants");
    Files.move(PinTree.parent(PinTree.parent(record)), renamed);
    // When, Then
    assertThatThrownBy(this::install)
        .hasMessageContaining(": this version does not know map name Tenants, a newer one");
  }

  @Test
  void aCleanRemovesItWithItsPublicPin() throws IOException {
    // Given
    recordOfANewerVersion(true);
    // When
    List<Path> left = TaskStores.clean(tree);
    // Then
    assertThat(left).isEmpty();
    assertThat(PinListing.of(tree.root())).isEmpty();
  }

  /** The record of a map of ours, with the text that a newer version might have written. */
  private Path recordOfANewerVersion(boolean isPublic) throws IOException {
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      if (isPublic) {
        store.publish(TENANTS);
      }
    }
    Path record = Records.find(tree, TENANTS).orElseThrow().folder();
    Path layout = record.resolve(PinTree.LAYOUT_LINK + 0);
    Files.delete(layout);
    Files.createSymbolicLink(layout, Path.of(NEWER_LAYOUT));
    return record;
  }

  private static String message(Path record) {
    return ("read record %s: this version does not know layout %s, a newer one may have written it:"
            + " run the newer version, or remove all maps with taskstorage clean")
        .formatted(record, NEWER_LAYOUT);
  }

  private void install() {
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
    }
  }

  private TaskStore open() {
    return TaskStores.rescan(tree, cgroups);
  }
}
