package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.taskstorage.testkit.KernelTest.Need;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class SandboxParametersKernelTest {
  private Path seenBefore = Path.of("");

  @BeforeEach
  void before(@BpffsMount Path bpffs) {
    seenBefore = bpffs;
  }

  @Test
  void oneTestHasOneBpffs(@BpffsMount Path bpffs) throws IOException {
    assertThat(bpffs).isEqualTo(seenBefore);
    assertThat(Files.getFileStore(bpffs).type()).isEqualTo("bpf");
    assertThat(bpffs.getFileName().toString()).startsWith(RunName.PREFIX);
  }

  @Test
  void temporaryFoldersCarryTheRunsName(@TempDir Path folder) {
    assertThat(folder.getFileName().toString()).startsWith(RunName.PREFIX);
  }

  @Test
  void bpffsInUseCannotBeUnmountedAndSaysSo() throws IOException {
    // Given
    TemporaryBpffs bpffs = TemporaryBpffs.mount();
    Path held = Files.createDirectory(bpffs.path().resolve("held"));

    // When
    Child child = Command.of("sleep", "1000").in(held).start();

    // Then
    try (child) {
      assertThatThrownBy(bpffs::close)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("unmount bpffs " + bpffs.path() + ": ")
          .hasMessageContaining("busy");
    }
    assertThat(MountInfo.all()).extracting(MountInfo::point).doesNotContain(bpffs.path());
    assertThat(bpffs.path()).doesNotExist();
  }

  @Test
  void cgroupsAreMadeNestedAndRemoved() {
    // Given
    CgroupSandbox sandbox = CgroupSandbox.create();

    // When
    Cgroup deep = sandbox.create("system.slice", "a\\x2db.service", "é f");

    // Then
    assertThat(deep.pathFromRoot())
        .isEqualTo(sandbox.top().pathFromRoot() + "/system.slice/a\\x2db.service/é f");
    assertThat(deep.id()).isPositive().isNotEqualTo(sandbox.top().id());
    assertThat(deep.type()).isEqualTo("domain");
    assertThat(sandbox.top().children()).containsExactly(sandbox.create("system.slice"));
    deep.remove();
    assertThat(deep.exists()).isFalse();
    assertThatThrownBy(deep::remove)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("remove cgroup " + deep.pathFromRoot() + ": no such file or folder");
    sandbox.close();
    assertThat(sandbox.top().exists()).isFalse();
    sandbox.close();
  }

  @Test
  void closingKillsWhatIsInsideAndNothingElse(Tasks tasks) {
    // Given
    CgroupSandbox sandbox = CgroupSandbox.create();
    Task inside = tasks.processIn(sandbox.create("a", "b").path());
    Task outside = tasks.process();
    Task moved = tasks.process();
    Cgroup domain = sandbox.create("domain");
    Cgroup threaded = domain.create("threaded");
    threaded.makeThreaded();
    domain.add(moved);
    Task thread = moved.thread();
    threaded.addThread(thread.tid());

    // When
    sandbox.close();

    // Then
    assertThat(sandbox.top().exists()).isFalse();
    assertThat(inside.state()).isEqualTo(Task.State.ZOMBIE);
    assertThat(moved.state()).isEqualTo(Task.State.ZOMBIE);
    assertThat(thread.state()).isEqualTo(Task.State.GONE);
    assertThat(outside.state()).isEqualTo(Task.State.ALIVE);
  }

  @Test
  void thisJvmLeavesBeforeItsSandboxIsKilled() {
    // Given
    CgroupSandbox sandbox = CgroupSandbox.create();
    Cgroup top = sandbox.top();
    Cgroup home = new Cgroup(sandbox.root(), sandbox.root());
    int self = Math.toIntExact(ProcessHandle.current().pid());
    top.add(self);

    // When
    sandbox.close();

    // Then
    assertThat(top.exists()).isFalse();
    assertThat(home.processes()).contains(self);
  }

  @Test
  void delegationHandsOverTheFolderAndItsThreeFiles(CgroupSandbox sandbox) throws IOException {
    // Given
    Cgroup service = sandbox.create("service");

    // When
    service.delegateTo(65534);

    // Then
    for (String file : List.of("", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control")) {
      assertThat(Files.getAttribute(service.path().resolve(file), "unix:uid")).isEqualTo(65534);
    }
    assertThat(Files.getAttribute(service.path().resolve("cgroup.type"), "unix:uid")).isEqualTo(0);
  }

  @Test
  void refusedMovesSayWhatWasWritten(CgroupSandbox sandbox) {
    assertThatThrownBy(() -> sandbox.top().add(Integer.MAX_VALUE))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("write 2147483647 to cgroup.procs of cgroup /taskstorage-test-");
  }

  @Test
  void bpffsGoesOnAPath() {
    // When
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .enableImplicitConfigurationParameters(true)
            .selectors(selectClass(Misused.class))
            .execute()
            .testEvents();

    // Then
    assertThat(tests.failed().list())
        .singleElement()
        .extracting(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable())
        .asString()
        .contains("@BpffsMount goes on a Path, not on a class java.lang.String");
  }

  static class Misused {
    @Test
    void wrongType(@BpffsMount String path) {
      assertThat(path).isEmpty();
    }
  }
}
