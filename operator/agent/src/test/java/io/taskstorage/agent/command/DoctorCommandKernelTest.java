package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@KernelTest(needs = {Need.BPFFS, Need.CGROUP2})
class DoctorCommandKernelTest {
  @Test
  void namesThePlaneAndWhatIsInForce(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    // Given
    NodeWithMap.keep(bpffs, sandbox, sandbox.create("shop"));

    // When
    CommandRun run = CommandRun.of("doctor", "--bpffs=" + bpffs);

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("plane: InKernel\n")
        .contains("yes      task storage      a map was made")
        .contains("yes      bpffs             " + bpffs)
        .contains("pinned          1 task storage maps, 1 pins where consumers look\n")
        .contains("agent           none\n")
        .contains("map tenant-ctx  " + bpffs + "/taskstorage/tenant_ctx, struct tenant_ctx of 32")
        .contains("written by programs: hits");
  }

  @Test
  void namesTheAgentThatHoldsTheNode(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    // Given
    NodeWithMap node = NodeWithMap.keep(bpffs, sandbox, sandbox.create("shop"));
    CommandRun run;
    try (TaskStore agent = node.open()) {
      assertThat(agent.plane().display()).isEqualTo("Rescan");

      // When
      run = CommandRun.of("doctor", "--bpffs=" + bpffs);
    }

    // Then
    assertThat(run.out()).contains("process " + ProcessHandle.current().pid() + "\n");
  }

  @Test
  void withoutBpffsNothingCanRunAndItSaysWhatToDo(@TempDir Path folder) {
    // When
    CommandRun run = CommandRun.of("doctor", "--bpffs=" + folder);

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("plane: none\n  lacking: bpffs. ")
        .contains("none at " + folder)
        .contains("mend: mount -t bpf bpf ")
        .contains("none, there is no bpffs\n");
  }

  @Test
  void asJson(@BpffsMount Path bpffs) {
    // When
    CommandRun run = CommandRun.of("doctor", "-o", "json", "--bpffs=" + bpffs);

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("{\n  \"plane\" : \"InKernel\",\n  \"canRun\" : true,\n")
        .contains("\"name\" : \"task storage\",\n      \"need\" : \"required\"")
        .endsWith("}\n");
  }
}
