package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Bpftool;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands at our public path and is not ours: named exactly, never touched, never trusted. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class ForeignPinKernelTest {
  private static final String REMOVE = ": remove it, or give the map another bpfName";

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
  void aFolder() throws IOException {
    // Given
    foreign(() -> Files.createDirectory(pin));
    // When, Then
    assertRefused("is a directory, not a map" + REMOVE);
  }

  @Test
  void aSymbolicLinkEvenToAMapOfOurs() throws IOException {
    // Given
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
    }
    Path own = Records.find(tree, TENANTS).orElseThrow().pin();
    foreign(() -> Files.createSymbolicLink(pin, own));
    // When, Then
    assertRefused("is a symbolic link to " + own + ", not a map" + REMOVE);
  }

  @Test
  void aDanglingSymbolicLink() throws IOException {
    // Given
    foreign(() -> Files.createSymbolicLink(pin, Path.of("/nowhere")));
    // When, Then
    assertRefused("is a symbolic link to /nowhere, not a map" + REMOVE);
  }

  @Test
  void aMapOfAnotherSize() throws IOException {
    // Given
    int id = foreignMap(HINT_LAYOUT, "tenant_ctx");
    // When, Then
    assertRefused(
        "is a map that this agent did not make (id %d, value_size: 40 wanted, 8 found, other BTF)"
                .formatted(id)
            + REMOVE);
  }

  @Test
  void aMapOfTheSameSizeWithOtherFields() throws IOException {
    // Given
    StructLayout opaque = StructLayout.parse("tenant_ctx{bytes:U64[5]}");
    int id = foreignMap(opaque, "tenant_ctx");
    // When, Then
    assertRefused(
        "is a map that this agent did not make (id %d, other BTF)".formatted(id) + REMOVE);
  }

  @Test
  void aMapThatIsInAllRespectsAsOurs() throws IOException {
    // Given
    int id = foreignMap(TENANT_LAYOUT, "tenant_ctx");
    // When, Then
    assertRefused("is a map that this agent did not make (id %d)".formatted(id) + REMOVE);
  }

  @Test
  void aMapThatTakesThePathWhileOursIsBeingFilled() throws IOException {
    // Given
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      int id = foreignMap(TENANT_LAYOUT, "tenant_ctx");
      // When, Then
      assertThatThrownBy(() -> store.publish(TENANTS))
          .hasMessage(
              "pin %s: is a map that this agent did not make (id %d)".formatted(pin, id) + REMOVE);
      assertThat(PinListing.mapId(pin)).isEqualTo(id);
    }
  }

  @Test
  void ourMapThatWasGivenToAnotherUser() throws IOException {
    // Given
    publish();
    Files.setAttribute(pin, "unix:uid", 65534);
    // When, Then
    assertRefused("belongs to user 65534, not to user 0: give it back with chown 0");
  }

  @Test
  void ourMapThatAConsumerMadeWritableForAll() throws IOException {
    // Given
    publish();
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-rw-rw-"));
    // When, Then
    assertRefused(
        "its mode 0666 lets other users open it: find out who loosened it, then chmod 0600");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
    publish();
  }

  @Test
  @KernelTest(needs = KernelTest.Need.BPFTOOL)
  void aMapOfAnotherType() throws IOException {
    // Given
    foreign(
        () ->
            Bpftool.command(
                    "map",
                    "create",
                    pin.toString(),
                    "type",
                    "hash",
                    "key",
                    "4",
                    "value",
                    "8",
                    "entries",
                    "1",
                    "name",
                    "other")
                .run()
                .stdoutIfDone());
    // When, Then
    assertRefused("is no task storage map (it is a map of type 1, not 29)" + REMOVE);
  }

  @Test
  void theLinkOfAProgram() throws IOException {
    // Given
    foreign(
        () -> {
          try (BpfMap map = BpfMap.create(spec(TENANT_LAYOUT, "other"))) {
            ConsumerPrograms.pinLink(map, pin);
          }
        });
    // When, Then
    assertRefused("is no task storage map (a link is pinned there)" + REMOVE);
  }

  @Test
  void aCleanLeavesWhatIsNoMapAlthoughOurRecordPinsNoMapEither() throws IOException {
    // Given
    publish();
    Path own = Records.find(tree, TENANTS).orElseThrow().pin();
    Files.delete(own);
    Files.delete(pin);
    try (BpfMap map = BpfMap.create(spec(TENANT_LAYOUT, "other"))) {
      ConsumerPrograms.pinLink(map, own);
      ConsumerPrograms.pinLink(map, pin);
    }
    // When
    List<Path> left = TaskStores.clean(tree);
    // Then
    assertThat(left).containsExactly(pin);
    assertThat(pin).exists();
  }

  private interface Vandal {
    void act() throws IOException;
  }

  /** Puts something at our public path, in a folder as we make it. */
  private void foreign(Vandal vandal) throws IOException {
    open().close();
    vandal.act();
  }

  private int foreignMap(StructLayout layout, String name) throws IOException {
    if (!Files.exists(tree.publicFolder())) {
      open().close();
    }
    try (BpfMap map = BpfMap.create(spec(layout, name))) {
      map.pin(pin);
      return map.info().id();
    }
  }

  private static MapSpec spec(StructLayout layout, String name) {
    LayoutBtf btf = LayoutBtf.of(layout);
    return MapSpec.taskStorage(
        name, layout.sizeBytes(), btf.blob(), btf.keyTypeId(), btf.valueTypeId());
  }

  private void assertRefused(String why) {
    List<String> before = PinListing.of(tree.publicFolder());
    assertThatThrownBy(this::publish)
        .isInstanceOf(StoreException.class)
        .hasMessage("pin " + pin + ": " + why)
        .extracting(e -> ((StoreException) e).problem().reason())
        .isEqualTo("ForeignPin");
    assertThat(PinListing.of(tree.publicFolder())).isEqualTo(before);
  }

  private void publish() {
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
    }
  }

  private TaskStore open() {
    return TaskStores.rescan(tree, cgroups);
  }
}
