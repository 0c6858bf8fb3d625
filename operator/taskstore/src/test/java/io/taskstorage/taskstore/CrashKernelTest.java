package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.layout.Owner;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The agent dies after each single change in bpffs, one after the other. A successor that is asked
 * for the same ends where an undisturbed run ends; meanwhile the public path neither dangles nor
 * leads to a map that no record knows.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class CrashKernelTest {
  private static final Deed NOTHING = store -> {};

  private final Deed firstMap = store -> put(store, TENANT_MAP);

  private PinTree tree;
  private Membership cgroups;

  /** What a caller states, and states again to the successor. */
  private interface Deed {
    void on(TaskStore store);
  }

  @BeforeEach
  void tree(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    cgroups = CgroupTree.open(sandbox.top().path());
  }

  @Test
  void whileTheFirstMapIsMade() {
    // When
    List<String> steps = surviveEveryCrash(NOTHING, firstMap);
    // Then
    String record = "agent/maps/tenants/tenant_ctx/" + PinTree.version(TENANT_LAYOUT);
    assertThat(steps)
        .containsExactly(
            "mkdir agent",
            "mkdir public",
            "mkdir agent/maps",
            "mkdir agent/new",
            "mkdir agent/retained",
            "mkdir agent/maps/tenants",
            "mkdir agent/maps/tenants/tenant_ctx",
            "mkdir " + record,
            "symlink " + record + "/layout0",
            "symlink " + record + "/reclaim",
            "pin " + record + "/map",
            "pin public/tenant_ctx");
  }

  @Test
  void whileAMapOfAnotherLayoutTakesOver() {
    // Given
    StoreMap other = new StoreMap(TENANTS, TENANT_CTX, HINT_LAYOUT, Reclaim.DELETE);
    // When
    List<String> steps = surviveEveryCrash(firstMap, store -> put(store, other));
    // Then
    String old = "agent/maps/tenants/tenant_ctx/" + PinTree.version(TENANT_LAYOUT);
    String next = "agent/maps/tenants/tenant_ctx/" + PinTree.version(HINT_LAYOUT);
    assertThat(steps)
        .containsExactly(
            "mkdir " + next,
            "symlink " + next + "/layout0",
            "symlink " + next + "/reclaim",
            "pin " + next + "/map",
            "pin agent/new/tenant_ctx",
            "rename agent/new/tenant_ctx to public/tenant_ctx",
            "remove " + old + "/map",
            "remove " + old + "/layout0",
            "remove " + old + "/reclaim",
            "remove " + old);
  }

  @Test
  void whileOwnersOfFieldsChange() {
    // Given
    StructLayout owned =
        StructLayout.of(
            "tenant_ctx",
            TENANT_LAYOUT.fields().stream().map(f -> f.field().ownedBy(Owner.POLICY)).toList());
    StoreMap other = new StoreMap(TENANTS, TENANT_CTX, owned, Reclaim.DELETE);
    // When
    List<String> steps = surviveEveryCrash(firstMap, store -> put(store, other));
    // Then
    assertThat(steps).hasSize(8).noneMatch(step -> step.contains("public"));
  }

  @Test
  void whileTheReclaimPolicyChanges() {
    // Given
    StoreMap other = new StoreMap(TENANTS, TENANT_CTX, TENANT_LAYOUT, Reclaim.RETAIN);
    // When
    List<String> steps = surviveEveryCrash(firstMap, store -> put(store, other));
    // Then
    String record = "agent/maps/tenants/tenant_ctx/" + PinTree.version(TENANT_LAYOUT);
    assertThat(steps)
        .containsExactly(
            "symlink " + record + "/reclaim_new",
            "rename " + record + "/reclaim_new to " + record + "/reclaim");
  }

  @Test
  void whileTheBpfNameChanges() {
    // Given
    StoreMap other = new StoreMap(TENANTS, new BpfName("renamed"), TENANT_LAYOUT, Reclaim.DELETE);
    // When
    List<String> steps = surviveEveryCrash(firstMap, store -> put(store, other));
    // Then: the new name is there before the old one goes.
    assertThat(steps).containsSubsequence("pin public/renamed", "remove public/tenant_ctx");
  }

  @Test
  void whileAMapIsRemoved() {
    // When
    List<String> steps =
        surviveEveryCrash(firstMap, store -> store.remove(TENANTS, Reclaim.DELETE));
    // Then
    String record = "agent/maps/tenants/tenant_ctx/" + PinTree.version(TENANT_LAYOUT);
    assertThat(steps)
        .containsExactly(
            "remove public/tenant_ctx",
            "remove " + record + "/map",
            "remove " + record + "/layout0",
            "remove " + record + "/reclaim",
            "remove " + record,
            "remove agent/maps/tenants/tenant_ctx",
            "remove agent/maps/tenants");
  }

  @Test
  void whileAMapIsRetained() {
    // When
    List<String> steps =
        surviveEveryCrash(firstMap, store -> store.remove(TENANTS, Reclaim.RETAIN));
    // Then
    String version = PinTree.version(TENANT_LAYOUT);
    assertThat(steps)
        .containsExactly(
            "mkdir agent/retained/tenants",
            "mkdir agent/retained/tenants/tenant_ctx",
            "rename agent/maps/tenants/tenant_ctx/"
                + version
                + " to agent/retained/tenants/tenant_ctx/"
                + version,
            "remove agent/maps/tenants/tenant_ctx",
            "remove agent/maps/tenants");
  }

  @Test
  void whileAnHeirAdoptsARetainedMap() {
    // Given
    StoreMap heir = new StoreMap(HINTS, TENANT_CTX, TENANT_LAYOUT, Reclaim.DELETE);
    Deed retained =
        store -> {
          put(store, TENANT_MAP);
          store.remove(TENANTS, Reclaim.RETAIN);
        };
    // When
    List<String> steps = surviveEveryCrash(retained, store -> put(store, heir));
    // Then
    assertThat(steps).hasSize(5).noneMatch(step -> step.contains("public"));
  }

  @Test
  void whileARetainedMapOfAnotherLayoutIsReplaced() {
    // Given
    StoreMap other = new StoreMap(HINTS, TENANT_CTX, HINT_LAYOUT, Reclaim.DELETE);
    Deed retained =
        store -> {
          put(store, TENANT_MAP);
          store.remove(TENANTS, Reclaim.RETAIN);
        };
    // When
    List<String> steps = surviveEveryCrash(retained, store -> put(store, other));
    // Then
    assertThat(steps).contains("rename agent/new/tenant_ctx to public/tenant_ctx");
  }

  /** As an agent does: what is public as it is wanted is not published again. */
  private void put(TaskStore store, StoreMap map) {
    boolean isPublic =
        Records.list(tree).stream()
            .filter(record -> !record.retained())
            .anyMatch(record -> isOf(record, map) && Records.isPublic(tree, record));
    store.install(map);
    if (!isPublic) {
      store.publish(map.name());
    }
  }

  private static boolean isOf(RecordedMap record, StoreMap map) {
    return map.equals(
        new StoreMap(record.name(), record.bpfName(), record.layout(), record.reclaim()));
  }

  /** Returns the steps of the undisturbed run. */
  private List<String> surviveEveryCrash(Deed before, Deed deed) {
    Run undisturbed = run(before, deed, Integer.MAX_VALUE);
    for (int step = 1; step <= undisturbed.steps().size(); step++) {
      Run run = run(before, deed, step);
      assertThat(run.steps()).isEqualTo(undisturbed.steps().subList(0, step));
      assertThat(run.listing())
          .as("after a crash at: %s", run.steps().getLast())
          .isEqualTo(undisturbed.listing());
      assertThat(run.keptTheMap()).isEqualTo(undisturbed.keptTheMap());
    }
    return undisturbed.steps();
  }

  /**
   * @param keptTheMap whether the public path leads to the same map as before the deed
   */
  private record Run(List<String> steps, List<String> listing, boolean keptTheMap) {}

  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** From nothing: the state before; the deed until it dies at a step; the deed again. */
  private Run run(Deed before, Deed deed, int lastStep) {
    TaskStores.clean(tree);
    assertThat(PinListing.of(tree.root())).isEmpty();
    if (before != NOTHING) {
      try (TaskStore store = TaskStores.rescan(tree, cgroups)) {
        before.on(store);
      }
    }
    OptionalInt publicBefore = publicMap();
    List<String> steps = new ArrayList<>();
    try (TaskStore store = TaskStores.rescan(tree, cgroups, s -> die(steps, s, lastStep))) {
      deed.on(store);
    } catch (Death e) {
      assertThat(steps).hasSize(lastStep);
    }
    assertPublicPathIsSound(publicBefore, steps);
    try (TaskStore store = TaskStores.rescan(tree, cgroups)) {
      deed.on(store);
    }
    return new Run(steps, PinListing.of(tree.root()), publicMap().equals(publicBefore));
  }

  private void die(List<String> steps, String step, int lastStep) {
    steps.add(
        step.replace(tree.agentFolder().toString(), "agent")
            .replace(tree.publicFolder().toString(), "public"));
    if (steps.size() == lastStep) {
      throw new Death();
    }
  }

  private void assertPublicPathIsSound(OptionalInt before, List<String> steps) {
    OptionalInt id = publicMap();
    if (before.isPresent() && !steps.contains("remove public/tenant_ctx")) {
      assertThat(id).isPresent();
    }
    if (id.isPresent()) {
      assertThat(Records.list(tree).stream().map(Records::mapId)).contains(id.getAsInt());
    }
  }

  private OptionalInt publicMap() {
    return Files.exists(tree.publicPin(TENANT_CTX))
        ? OptionalInt.of(PinListing.mapId(tree.publicPin(TENANT_CTX)))
        : OptionalInt.empty();
  }
}
