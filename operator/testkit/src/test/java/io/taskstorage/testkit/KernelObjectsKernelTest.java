package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.KernelObjects.Holder;
import io.taskstorage.testkit.KernelTest.Need;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@KernelTest(needs = {Need.BPFTOOL, Need.BPFFS})
class KernelObjectsKernelTest {

  @Test
  void findsTheMapThatThisJvmHolds() {
    // Given
    KernelObjects objects = KernelObjects.watch(false);

    // When
    int map = Syscalls.createMap("left_over");

    // Then
    assertThat(objects.left().values())
        .singleElement()
        .asString()
        .startsWith("map ")
        .contains("name left_over");
    assertThatThrownBy(() -> objects.expectNothingLeft(Duration.ZERO))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("residue: the kernel still has\n  map ");
    Syscalls.close(map);
    objects.close();
    assertThat(objects.left()).isEmpty();
  }

  @Test
  void findsTheMapThatOnlyAPinHoldsWhereTheMachineIsTheBuildsOwn(@BpffsMount Path bpffs) {
    // Given
    KernelObjects shared = KernelObjects.watch(false);
    KernelObjects exclusive = KernelObjects.watch(true);

    // When
    int map = Syscalls.createMap("pinned_only");
    Syscalls.pin(map, bpffs.resolve("map").toString());
    Syscalls.close(map);

    // Then
    assertThat(exclusive.left().values()).anyMatch(line -> line.contains("name pinned_only"));
    assertThat(shared.left()).isEmpty();
  }

  @Test
  void waitsForTheKernelToFreeAMap() {
    // Given
    KernelObjects objects = KernelObjects.watch(true);
    Syscalls.close(Syscalls.createMap("freed_later"));

    // When
    Awaitility.await()
        .pollInSameThread()
        .atMost(Limits.GENEROUS)
        .until(() -> objects.left().values().stream().noneMatch(l -> l.contains("freed_later")));

    // Then
    assertThat(objects.left().values()).noneMatch(line -> line.contains("freed_later"));
  }

  @Test
  void readsWhatBpftoolPrints() {
    assertThat(
            KernelObjects.parse(
                "map",
                """
                17: task_storage  name tenant_ctx  flags 0x1
                \tkey 4B  value 48B  max_entries 0  memlock 0B
                \tbtf_id 12
                18: hash  name other  flags 0x0
                \tkey 4B  value 4B  max_entries 1  memlock 0B
                """))
        .containsEntry("map 17", "map 17 task_storage  name tenant_ctx  flags 0x1")
        .containsEntry("map 18", "map 18 hash  name other  flags 0x0")
        .hasSize(2);
  }

  @Test
  void anObjectIsOursByItsHolder() {
    assertThat(KernelObjects.isOurs("map 1 hash  name a", Holder.THIS_JVM, false)).isTrue();
    assertThat(KernelObjects.isOurs("map 1 hash  name a", Holder.OTHERS, true)).isFalse();
    assertThat(KernelObjects.isOurs("map 2 hash  name b", Holder.NOBODY, false)).isFalse();
    assertThat(KernelObjects.isOurs("map 2 hash  name b", Holder.NOBODY, true)).isTrue();
    assertThat(KernelObjects.isOurs("prog 3 lsm  name sd_restrictif", Holder.NOBODY, true))
        .isFalse();
  }
}
