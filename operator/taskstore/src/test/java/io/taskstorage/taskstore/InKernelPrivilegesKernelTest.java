package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which privileges the plane in the kernel needs, and what it says where one is missing. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class InKernelPrivilegesKernelTest {
  private static final String CREATED = "sweep " + new SweepCounts(2, 2, 0, 0, 0, 0, 0);

  private Path bpffs;
  private CgroupSandbox sandbox;
  private Task member;

  @BeforeEach
  void makeMember(@BpffsMount Path mount, CgroupSandbox cgroups, Tasks tasks) {
    bpffs = mount;
    sandbox = cgroups;
    member = tasks.processIn(sandbox.top().path());
    member.thread();
  }

  @Test
  void twoAreEnoughForAllOfIt() {
    // When
    List<String> first = turn("-all,+bpf,+perfmon", "leave");
    // Then
    String value = "task " + new EntryAccess.TaskResult.Done(tenant(1, "a"));
    assertThat(first).containsExactly("capabilities c000000000", "Created[]", CREATED, value);
    Task born = member.fork();
    RecordedMap map = Records.find(new PinTree(bpffs), TENANTS).orElseThrow();
    assertThat(Records.get(map, born.tid()))
        .isEqualTo(new EntryAccess.TaskResult.Done(tenant(1, "a")));
    // When the next one takes it over
    List<String> second = turn("-all,+bpf,+perfmon", "end");
    // Then
    assertThat(second)
        .containsExactly(
            "capabilities c000000000",
            "Adopted[]",
            "sweep " + new SweepCounts(3, 0, 0, 0, 0, 0, 0),
            value,
            "sweep %s %s"
                .formatted(
                    new SweepCounts(3, 0, 3, 0, 0, 0, 0), new SweepCounts(3, 3, 0, 0, 0, 0, 0)),
            "verify 0",
            "entries 3",
            "sweep " + new SweepCounts(0, 0, 0, 3, 0, 0, 0));
    assertThat(TaskStores.clean(new PinTree(bpffs))).isEmpty();
  }

  @Test
  void withoutPerfmonNoProgramIsLoadedAndTheMessageNamesIt() {
    // When
    List<String> turn = turn("-all,+bpf", "leave");
    // Then
    assertThat(turn)
        .containsExactly(
            "capabilities 8000000000",
            "Created[]",
            "KernelRefused: program load sweep: EPERM (operation not permitted): CAP_PERFMON is"
                + " missing: run as root or grant CAP_PERFMON");
    assertNothingInForce();
  }

  @Test
  void withoutBpfNoMapIsMadeAndTheMessageNamesIt() {
    // When
    List<String> turn = turn("-all,+perfmon", "leave");
    // Then
    assertThat(turn)
        .containsExactly(
            "capabilities 4000000000",
            "KernelRefused: btf load tenant_ctx: EPERM (operation not permitted): CAP_BPF is"
                + " missing: run as root or grant CAP_BPF");
    assertNothingInForce();
  }

  private void assertNothingInForce() {
    PinTree tree = new PinTree(bpffs);
    assertThat(PinFolders.list(tree.publicFolder())).isEmpty();
    assertThat(PinFolders.list(tree.programs())).isEmpty();
  }

  /** What one turn says that has these capabilities alone. */
  private List<String> turn(String capabilities, String end) {
    return ChildJvm.of(InKernelTurn.class.getName())
        .arguments(bpffs.toString(), sandbox.top().path().toString())
        .arguments(Integer.toString(member.tid()), end)
        .command()
        .prefixed("setpriv", "--bounding-set=" + capabilities, "--inh-caps=-all")
        .run()
        .stdoutIfDone()
        .lines()
        .toList();
  }
}
