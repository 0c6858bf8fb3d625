package io.taskstorage.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.console.Check;
import io.taskstorage.console.Finding;
import io.taskstorage.taskstore.PinTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is a folder with the few files of /proc that are looked at. */
class NodeChecksTest {
  @TempDir Path proc;

  private NodeChecks checks;

  @BeforeEach
  void makeProc() throws IOException {
    Files.createDirectories(proc.resolve("self/ns"));
    checks = new NodeChecks(proc);
  }

  @Test
  void aFolderThatIsNoBpffsBlocksAndSaysHowToMountOne() {
    // When
    Check check = checks.bpffs(new PinTree(proc));

    // Then
    assertThat(check.blocks()).isTrue();
    assertThat(check.finding())
        .isInstanceOfSatisfying(
            Finding.No.class,
            no -> {
              assertThat(no.reason()).startsWith("none at " + proc);
              assertThat(no.mend())
                  .isEqualTo(
                      "mount -t bpf bpf "
                          + proc
                          + ", or name the folder of another one by --bpffs DIR");
            });
  }

  @Test
  void withoutCgroup2NothingRuns() {
    // When
    Check check = checks.cgroups(Optional.empty());

    // Then
    assertThat(check.blocks()).isTrue();
    assertThat(check.finding())
        .isEqualTo(
            new Finding.No(
                "mounted nowhere",
                "mount -t cgroup2 none /sys/fs/cgroup, or start the system with"
                    + " systemd.unified_cgroup_hierarchy=1"));
  }

  @Test
  void aFolderThatIsNoCgroup2Blocks() {
    // When
    Check check = checks.cgroups(Optional.of(proc));

    // Then
    assertThat(check.blocks()).isTrue();
    assertThat(check.finding())
        .isEqualTo(
            new Finding.No(
                "open cgroup tree "
                    + proc
                    + ": not a cgroup2 folder: give the path where cgroup2 is mounted",
                "name the folder where cgroup2 is mounted by --cgroup-root"));
  }

  @Test
  void theFirstPidNamespaceReachesEveryTask() throws IOException {
    // Given
    Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[4026531836]"));

    // When, Then
    assertThat(checks.pidNamespace().finding())
        .isEqualTo(new Finding.Yes("the node's own: every task can be reached"));
  }

  @Test
  void anotherPidNamespaceDoesNot() throws IOException {
    // Given
    Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[4026532999]"));

    // When, Then
    assertThat(checks.pidNamespace().finding())
        .isEqualTo(
            new Finding.No(
                "pid:[4026532999]: tasks outside of it cannot be reached",
                "run it on the node itself, or with the node's pid namespace (hostPID: true)"));
  }

  @Test
  void whatCannotBeReadIsUnknownAndSaysWhy() {
    // When, Then
    assertThat(checks.pidNamespace().finding())
        .isEqualTo(new Finding.Unknown("read /proc/self/ns/pid: no such file or folder"));
    assertThat(checks.openFiles().finding())
        .isEqualTo(new Finding.Unknown("read /proc/self/limits: no such file or folder"));
  }

  @Test
  void enoughDescriptorsAreFine() throws IOException {
    // Given
    limits("1024");

    // When, Then
    assertThat(checks.openFiles().finding())
        .isEqualTo(new Finding.Yes("at most 1024 (RLIMIT_NOFILE)"));
  }

  @Test
  void noLimitOfDescriptorsIsFine() throws IOException {
    // Given
    limits("unlimited");

    // When, Then
    assertThat(checks.openFiles().finding())
        .isEqualTo(new Finding.Yes("at most unlimited (RLIMIT_NOFILE)"));
  }

  @Test
  void tooFewDescriptorsAreToldWithTheMend() throws IOException {
    // Given
    limits("255");

    // When, Then
    assertThat(checks.openFiles().finding())
        .isEqualTo(
            new Finding.No(
                "at most 255 (RLIMIT_NOFILE)", "raise it: ulimit -n 4096, or LimitNOFILE="));
  }

  private void limits(String openFiles) throws IOException {
    Files.writeString(
        proc.resolve("self/limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             63419                63419                processes
        Max open files            %-20s 524288               files
        """
            .formatted(openFiles));
  }
}
