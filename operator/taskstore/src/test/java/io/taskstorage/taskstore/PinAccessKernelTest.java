package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINT_LAYOUT;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mode and group of public pins: as asked for, never anything else, and changed in one step. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class PinAccessKernelTest {
  private static final int GROUP = 4242;
  private static final PinAccess READERS = new PinAccess(0640, OptionalInt.of(GROUP));
  private static final PinAccess WRITERS = new PinAccess(0660, OptionalInt.of(GROUP + 1));

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
  void aPinHasModeAndGroupFromItsFirstMomentOn() {
    // When
    List<String> seen = publish(READERS);
    // Then
    assertThat(new TreeSet<>(seen)).containsExactly("0640 4242", "nothing");
    assertThat(PinListing.of(tree.staging())).isEmpty();
    assertThat(PinFolders.stat(tree.publicFolder()).orElseThrow().modeText()).isEqualTo("0755");
    assertThat(PinFolders.stat(tree.agentFolder()).orElseThrow().modeText()).isEqualTo("0700");
  }

  @Test
  void anAdoptedMapGetsTheModeThatIsAskedForNowAndTheOldOneBack() {
    // Given
    publish(PinAccess.PRIVATE);
    int id = PinListing.mapId(pin);
    List<String> before = PinListing.of(tree.root());
    // When, Then
    assertThat(new TreeSet<>(publish(READERS))).containsExactly("0600 0", "0640 4242");
    assertThat(new TreeSet<>(publish(WRITERS))).containsExactly("0640 4242", "0660 4243");
    assertThat(publish(WRITERS)).isEmpty();
    assertThat(new TreeSet<>(publish(PinAccess.PRIVATE))).containsExactly("0600 0", "0660 4243");
    assertThat(publish(PinAccess.PRIVATE)).isEmpty();
    assertThat(PinListing.mapId(pin)).isEqualTo(id);
    assertThat(PinListing.of(tree.root())).isEqualTo(before);
  }

  @Test
  void aMapOfAnotherLayoutComesWithModeAndGroup() {
    // Given
    publish(READERS);
    int old = PinListing.mapId(pin);
    // When
    StoreMap changed = new StoreMap(TENANTS, TENANT_CTX, HINT_LAYOUT, Reclaim.DELETE);
    List<String> seen = publish(READERS, changed);
    // Then
    assertThat(new TreeSet<>(seen)).containsExactly("0640 4242");
    assertThat(PinListing.mapId(pin)).isNotEqualTo(old);
    assertThat(new TreeSet<>(publish(PinAccess.PRIVATE, changed)))
        .containsExactly("0600 0", "0640 4242");
  }

  @Test
  void anAgentThatDiesAnywhereLeavesNothingThatItsSuccessorCallsForeign() {
    // Given
    int steps = changeUntil(Integer.MAX_VALUE).size();
    assertThat(steps).isGreaterThan(5);
    for (int step = 1; step <= steps; step++) {
      for (PinAccess next : List.of(READERS, WRITERS, PinAccess.PRIVATE)) {
        // When
        List<String> done = changeUntil(step);
        publish(next);
        // Then
        assertThat(seen())
            .as("after %s, then %s", done.getLast(), next)
            .isEqualTo(PinAccess.text(next.mode()) + " " + next.group().orElse(0));
        assertThat(RecordMemory.access(Records.find(tree, TENANTS).orElseThrow().folder()))
            .isEqualTo(next.isShared() ? List.of(next) : List.of());
      }
    }
  }

  @Test
  void whatIsLoosenedBeyondWhatWasAskedForIsReportedAndLeftAlone() throws IOException {
    // Given
    publish(READERS);
    // When, Then
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-rw----"));
    assertForeign(
        "its mode 0660 lets other users open it: find out who loosened it, then chmod 0640");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-r-----"));
    Files.setAttribute(pin, "unix:gid", GROUP + 1);
    assertForeign(
        "its mode 0640 lets group 4243 open it: find out who gave it to them, then chgrp 4242");
    Files.setAttribute(pin, "unix:gid", GROUP);
    publish(READERS);
  }

  @Test
  void whatIsLoosenedWhileTheStoreIsOpenIsNoLongerPublicAsWanted() throws IOException {
    // Given
    publish(READERS);
    PinTree readers = tree.letting(READERS);
    RecordedMap record = Records.find(readers, TENANTS).orElseThrow();
    boolean before = Records.isPublicAsWanted(readers, record);
    // When
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-r--r--"));
    // Then
    assertThat(before).isTrue();
    assertThat(Records.isPublicAsWanted(readers, record)).isFalse();
    assertThat(Records.isPublic(readers, record)).isTrue();
  }

  @Test
  void whatComesToThePathBeforeTheNewPinIsNotReplaced() throws IOException {
    // Given
    PinFolders.Steps vandal =
        step -> {
          if (step.startsWith("chmod ")) {
            mkdir(pin);
          }
        };
    // When, Then
    try (TaskStore store = TaskStores.rescan(tree.letting(READERS), cgroups, vandal)) {
      store.install(TENANT_MAP);
      assertThatThrownBy(() -> store.publish(TENANTS))
          .hasMessage(
              "pin %s: something was put there meanwhile: remove it if nobody uses it"
                  .formatted(pin));
    }
    assertThat(pin).isDirectory();
    assertThat(PinListing.of(tree.staging())).isEmpty();
    Files.delete(pin);
    publish(READERS);
    assertThat(seen()).isEqualTo("0640 4242");
  }

  private static void mkdir(Path path) {
    try {
      Files.createDirectory(path);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** From nothing: published for readers, then for writers until it dies at a step. */
  private List<String> changeUntil(int lastStep) {
    TaskStores.clean(tree);
    publish(READERS);
    List<String> steps = new ArrayList<>();
    PinFolders.Steps dying =
        step -> {
          steps.add(step);
          if (steps.size() == lastStep) {
            throw new Death();
          }
        };
    try (TaskStore store = TaskStores.rescan(tree.letting(WRITERS), cgroups, dying)) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
    } catch (Death e) {
      assertThat(steps).hasSize(lastStep);
    }
    return steps;
  }

  private List<String> publish(PinAccess access) {
    return publish(access, TENANT_MAP);
  }

  /** What was seen at the public path after each change in bpffs. */
  private List<String> publish(PinAccess access, StoreMap map) {
    List<String> seen = new ArrayList<>();
    PinTree asked = tree.letting(access);
    try (TaskStore store = TaskStores.rescan(asked, cgroups, step -> seen.add(seen()))) {
      store.install(map);
      store.publish(map.name());
    }
    assertThat(Records.isPublicAsWanted(asked, Records.find(asked, TENANTS).orElseThrow()))
        .isTrue();
    return seen;
  }

  private String seen() {
    return PinFolders.stat(pin).map(stat -> stat.modeText() + " " + stat.gid()).orElse("nothing");
  }

  private void assertForeign(String why) {
    String before = seen();
    assertThatThrownBy(() -> publish(READERS)).hasMessage("pin " + pin + ": " + why);
    assertThat(seen()).isEqualTo(before);
  }
}
