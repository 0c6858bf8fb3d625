package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@KernelTest(needs = {Need.BPFFS, Need.CGROUP2})
class CleanCommandKernelTest {
  @Test
  void removesEverythingOfOursFoldersIncluded(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    // Given
    NodeWithMap.keep(bpffs, sandbox, sandbox.create("shop"));

    // When
    CommandRun run = CommandRun.of("clean", "--bpffs=" + bpffs);

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                """
                removed map tenant-ctx (tenant_ctx)
                removed %1$s/taskstorage
                removed %1$s/taskstorage_agent
                """
                    .formatted(bpffs),
                ""));
    assertThat(bpffs.resolve("taskstorage")).doesNotExist();
    assertThat(bpffs.resolve("taskstorage_agent")).doesNotExist();
  }

  @Test
  void whereNothingIsItSaysSo(@BpffsMount Path bpffs) {
    // When
    CommandRun run = CommandRun.of("clean", "--bpffs=" + bpffs);

    // Then
    assertThat(run)
        .isEqualTo(new CommandRun(0, "nothing of taskstorage below " + bpffs + "\n", ""));
  }

  @Test
  void besideAnAgentItIsRefusedWithItsPid(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    // Given
    NodeWithMap node = NodeWithMap.keep(bpffs, sandbox, sandbox.create("shop"));
    CommandRun run;
    try (TaskStore agent = node.open()) {
      assertThat(agent.plane().display()).isEqualTo("Rescan");

      // When
      run = CommandRun.of("clean", "--bpffs=" + bpffs);
    }

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "lock %s/taskstorage_agent: held by process %d: end it, or let it do the work\n"
                    .formatted(bpffs, ProcessHandle.current().pid())));
    assertThat(bpffs.resolve("taskstorage/tenant_ctx")).exists();
  }

  @Test
  void whatOthersPinnedIsLeftAndNamed(@BpffsMount Path bpffs, CgroupSandbox sandbox)
      throws IOException {
    // Given
    NodeWithMap.keep(bpffs, sandbox, sandbox.create("shop"));
    Path foreign = Files.createDirectory(bpffs.resolve("taskstorage/theirs"));

    // When
    CommandRun run = CommandRun.of("clean", "--bpffs=" + bpffs);

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            "removed map tenant-ctx (tenant_ctx)\nremoved " + bpffs + "/taskstorage_agent\n");
    assertThat(run.err())
        .isEqualTo(
            "clean " + foreign + ": not made by taskstorage: remove it yourself if you want\n");
    assertThat(foreign).exists();
  }
}
