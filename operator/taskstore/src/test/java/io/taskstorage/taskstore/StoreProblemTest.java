package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StoreProblemTest {
  private static BpfException refusal() {
    return new BpfException("map create", "tenant_ctx", Errno.EPERM, "CAP_BPF is missing");
  }

  static Stream<Arguments> problems() {
    Path pin = Path.of("/sys/fs/bpf/taskstorage/tenant_ctx");
    return Stream.of(
        Arguments.of(
            new StoreProblem.ForeignPin(pin, "is a directory, not a map", "remove it"),
            "ForeignPin",
            "pin /sys/fs/bpf/taskstorage/tenant_ctx: is a directory, not a map: remove it"),
        Arguments.of(
            new StoreProblem.RecordUnreadable(Path.of("/record"), "layout a{b:U128}"),
            "ForeignPin",
            "read record /record: this version does not know layout a{b:U128}, a newer one may have"
                + " written it: run the newer version, or remove all maps with taskstorage clean"),
        Arguments.of(
            new StoreProblem.NotBpffs(Path.of("/sys/fs/bpf")),
            "NotBpffs",
            "open /sys/fs/bpf: not a bpf file system: mount -t bpf bpf /sys/fs/bpf"),
        Arguments.of(
            new StoreProblem.NodeHeld(Path.of("/sys/fs/bpf/taskstorage_agent"), 4711),
            "NodeHeld",
            "lock /sys/fs/bpf/taskstorage_agent: held by process 4711: end it, or let it do the"
                + " work"),
        Arguments.of(
            new StoreProblem.NodeHeld(Path.of("/sys/fs/bpf/taskstorage_agent"), 0),
            "NodeHeld",
            "lock /sys/fs/bpf/taskstorage_agent: held by a process of another pid namespace: end"
                + " it, or let it do the work"),
        Arguments.of(
            new StoreProblem.KernelRefused(refusal()),
            "KernelRefused",
            "map create tenant_ctx: EPERM (operation not permitted): CAP_BPF is missing"),
        Arguments.of(
            new StoreProblem.FolderRefused("mkdir", pin, "permission denied", "run as root"),
            "KernelRefused",
            "mkdir /sys/fs/bpf/taskstorage/tenant_ctx: permission denied: run as root"),
        Arguments.of(
            new StoreProblem.BpfNameTaken(TENANT_CTX, HINTS, TENANTS),
            "BpfNameConflict",
            "install hints: bpfName tenant_ctx belongs to map tenants: give one of them another"
                + " bpfName, or remove map tenants"),
        Arguments.of(
            new StoreProblem.TooManyMaps(HINTS, 16),
            "TooManyMaps",
            "install hints: 16 other maps are in force on this node, and its programs keep no more:"
                + " remove one of them, or put several into one map with more fields"),
        Arguments.of(
            new StoreProblem.ValueTooLarge(TENANTS, 9000),
            "ValueTooLarge",
            "install tenants: this kernel takes no entry of 9000 bytes: make the struct smaller;"
                + " 8120 bytes fit every kernel"),
        Arguments.of(
            new StoreProblem.TooManyValues(new CgroupId(4711)),
            "TooManyValues",
            "assign cgroup 4711: there is no room for another cgroup, or another value of one of"
                + " its maps: let policies select fewer cgroups, or give more of them the same"
                + " values"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void aProblemSaysWhatAndWhyAndHowToMendIt(StoreProblem problem, String reason, String message) {
    // When
    StoreException thrown = new StoreException(problem);
    // Then
    assertThat(thrown).hasMessage(message);
    assertThat(thrown.problem()).isEqualTo(problem);
    assertThat(problem.reason()).isEqualTo(reason);
  }

  @Test
  void aRefusalOfTheKernelIsTheCause() {
    // Given
    BpfException refusal = refusal();
    // When
    StoreException thrown = new StoreException(new StoreProblem.KernelRefused(refusal));
    // Then
    assertThat(thrown).hasCause(refusal);
  }
}
