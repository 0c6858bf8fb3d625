package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.bpf.sys.ObjectInfo;
import io.taskstorage.bpf.sys.PageSize;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.KernelTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of programs and links against the running kernel's own types. */
@KernelTest
class ObjectInfoKernelTest {

  private static int number(String name) throws ReflectiveOperationException {
    return ObjectInfo.class.getField(name).getInt(null);
  }

  @ParameterizedTest
  @CsvSource({
    "PROG_INFO_TYPE, STRUCT, bpf_prog_info, type",
    "PROG_INFO_ID, STRUCT, bpf_prog_info, id",
    "PROG_INFO_TAG, STRUCT, bpf_prog_info, tag",
    "PROG_INFO_NR_MAP_IDS, STRUCT, bpf_prog_info, nr_map_ids",
    "PROG_INFO_MAP_IDS, STRUCT, bpf_prog_info, map_ids",
    "PROG_INFO_NAME, STRUCT, bpf_prog_info, name",
    "PROG_INFO_RUN_TIME_NS, STRUCT, bpf_prog_info, run_time_ns",
    "PROG_INFO_RUN_CNT, STRUCT, bpf_prog_info, run_cnt",
    "PROG_INFO_RECURSION_MISSES, STRUCT, bpf_prog_info, recursion_misses",
    "PROG_INFO_ATTACH_BTF_ID, STRUCT, bpf_prog_info, attach_btf_id",
    "LINK_INFO_TYPE, STRUCT, bpf_link_info, type",
    "LINK_INFO_ID, STRUCT, bpf_link_info, id",
    "LINK_INFO_PROG_ID, STRUCT, bpf_link_info, prog_id",
    "LINK_INFO_TP_NAME, STRUCT, bpf_link_info, raw_tracepoint.tp_name",
    "LINK_INFO_TP_NAME_LEN, STRUCT, bpf_link_info, raw_tracepoint.tp_name_len",
    "LINK_INFO_ITER_TARGET_NAME, STRUCT, bpf_link_info, iter.target_name",
    "LINK_INFO_ITER_TARGET_NAME_LEN, STRUCT, bpf_link_info, iter.target_name_len",
    "LINK_INFO_ITER_TASK_TID, STRUCT, bpf_link_info, iter.task.tid",
    "LINK_INFO_ITER_TASK_PID, STRUCT, bpf_link_info, iter.task.pid",
    "ITER_LINK_INFO_TASK_TID, UNION, bpf_iter_link_info, task.tid",
    "ITER_LINK_INFO_TASK_PID, UNION, bpf_iter_link_info, task.pid"
  })
  void offsetsAreTheKernels(String name, BtfKind kind, String type, String member)
      throws ReflectiveOperationException {
    // Given
    KernelBtf kernel = KernelBtf.vmlinux();
    int id = kernel.typeId(type, kind).orElseThrow();

    // When
    int offset = number(name);

    // Then
    assertThat(kernel.reader().memberOffset(id, member)).hasValue(offset);
  }

  @ParameterizedTest
  @CsvSource({
    "BPF_F_SLEEPABLE, 16",
    "BPF_LINK_TYPE_RAW_TRACEPOINT, 1",
    "BPF_LINK_TYPE_ITER, 4",
    "PROT_READ, 1",
    "PROT_WRITE, 2",
    "MAP_SHARED, 1"
  })
  void constantsAreThoseOfTheHeaders(String name, int expected)
      throws ReflectiveOperationException {
    // Given
    String source =
        """
        #include <linux/bpf.h>
        #include <stdio.h>
        #include <sys/mman.h>
        int main(void) { printf("%%d\\n", %s); return 0; }
        """
            .formatted(name);

    // When
    String found = Gcc.run("constant", source).stdoutIfDone().strip();

    // Then
    assertThat(number(name)).isEqualTo(expected).isEqualTo(Integer.parseInt(found));
  }

  @Test
  void pageSizeIsTheMachines() {
    // Given
    String source =
        """
        #include <stdio.h>
        #include <unistd.h>
        int main(void) { printf("%ld\\n", sysconf(_SC_PAGESIZE)); return 0; }
        """;

    // When
    long bytes = PageSize.bytes();

    // Then
    assertThat(bytes)
        .isEqualTo(Long.parseLong(Gcc.run("page_size", source).stdoutIfDone().strip()));
  }
}
