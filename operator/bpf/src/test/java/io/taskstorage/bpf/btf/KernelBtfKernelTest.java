package io.taskstorage.bpf.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.testkit.KernelTest;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The running kernel's types. */
@KernelTest
class KernelBtfKernelTest {
  private static final int MOST_COLLECTIONS = 100;

  private final KernelBtf kernel = KernelBtf.vmlinux();

  @Test
  void findsTypesByNameAndKind() {
    // When
    var struct = kernel.typeId("task_struct", BtfKind.STRUCT);
    var function = kernel.typeId("bpf_iter_task", BtfKind.FUNC);
    var tracepoint = kernel.typeId("btf_trace_task_newtask", BtfKind.TYPEDEF);

    // Then
    assertThat(struct).isPresent();
    assertThat(function).isPresent();
    assertThat(tracepoint).isPresent();
    assertThat(kernel.reader().type(struct.getAsInt()).name()).isEqualTo("task_struct");
  }

  @Test
  void hasNoTypeOfAnotherKindOrName() {
    // When
    var wrongKind = kernel.typeId("task_struct", BtfKind.UNION);
    var prefix = kernel.typeId("task_struc", BtfKind.STRUCT);

    // Then
    assertThat(wrongKind).isEmpty();
    assertThat(prefix).isEmpty();
  }

  @Test
  void findsMembersOfAnonymousUnionsAndByPath() {
    // When
    var pid = kernel.memberOffset("task_struct", "pid");
    var anonymous = kernel.memberOffset("bpf_iter__task", "task");
    var path = kernel.memberOffset("cgroup", "self.id");
    var outer = kernel.memberOffset("cgroup", "self");

    // Then
    assertThat(pid).isPresent();
    assertThat(anonymous).hasValue(8);
    assertThat(path.getAsInt()).isGreaterThan(outer.getAsInt());
  }

  @Test
  void hasNoOffsetForBitFieldsAndStrangers() {
    // When
    var bitField = kernel.memberOffset("task_struct", "sched_reset_on_fork");
    var stranger = kernel.memberOffset("task_struct", "tenant");
    var throughPointer = kernel.memberOffset("task_struct", "mm.pgd");

    // Then
    assertThat(bitField).isEmpty();
    assertThat(stranger).isEmpty();
    assertThat(throughPointer).isEmpty();
  }

  @Test
  void readsEveryTypeOfTheKernel() {
    // Given
    BtfReader reader = kernel.reader();

    // When
    int structs = 0;
    for (int id = 0; id < reader.typeCount(); id++) {
      if (reader.type(id) instanceof BtfType.Composite) {
        structs++;
      }
    }

    // Then
    assertThat(reader.typeCount()).isGreaterThan(10_000);
    assertThat(structs).isGreaterThan(1_000);
  }

  @Test
  void isReadOnce() {
    // When
    KernelBtf again = KernelBtf.vmlinux();

    // Then
    assertThat(again).isSameAs(kernel);
  }

  /** Nobody has an idle agent keep megabytes: the types go, and what was asked of them stays. */
  @Test
  void typesGoAndAnswersStay() {
    // Given
    OptionalInt id = kernel.typeId("task_struct", BtfKind.STRUCT);
    OptionalInt offset = kernel.memberOffset("task_struct", "pid");
    WeakReference<BtfReader> types = new WeakReference<>(kernel.reader());

    // When
    KernelBtf.forgetTypes();
    for (int i = 0; i < MOST_COLLECTIONS && types.get() != null; i++) {
      System.gc();
    }

    // Then
    assertThat(types.get()).isNull();
    assertThat(kernel.typeId("task_struct", BtfKind.STRUCT)).isPresent().isEqualTo(id);
    assertThat(kernel.memberOffset("task_struct", "pid")).isPresent().isEqualTo(offset);
    assertThat(kernel.memberOffset("task_struct", "tgid")).isPresent().isNotEqualTo(offset);
  }

  @Test
  void saysWhereTheKernelHasNone() {
    // When
    Path absent = Path.of("/sys/kernel/btf/absent");

    // Then
    assertThatThrownBy(() -> KernelBtf.read(absent))
        .isInstanceOf(BpfException.class)
        .hasMessage(
            "btf read /sys/kernel/btf/absent: ENOENT (no such file or entry): the kernel was built"
                + " without CONFIG_DEBUG_INFO_BTF: use one that has it");
  }
}
