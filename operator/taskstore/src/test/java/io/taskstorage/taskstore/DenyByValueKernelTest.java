package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.DenyByValue.AT_WORK;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the sample that denies by value says where it cannot. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS, KernelTest.Need.BPFTOOL})
class DenyByValueKernelTest {
  private PinTree tree;
  private TaskStore store;

  @BeforeEach
  void open(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    store = TaskStores.rescan(tree, World.real(sandbox).membership());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void itDeniesOrSaysWhyItCannotAndHowToMendIt() {
    // Given
    store.install(DenyByValue.MAP);
    store.publish(DenyByValue.NAME);
    // When
    try (Child program =
        DenyByValue.on(tree.publicPin(DenyByValue.BPF_NAME))
            .prefixed("sh", "-c", "exec \"$@\" 2>&1", "sh")
            .start()) {
      String first = program.awaitLine("^.+$").group();
      if (program.isAlive() && first.equals(AT_WORK)) {
        program.signal(Signal.TERM);
      }
      Outcome outcome = program.awaitExit();
      // Then
      if (first.equals(AT_WORK)) {
        assertThat(outcome.stdout()).matches("denying\nasked=[0-9]+ denied=0\n");
        assertThat(outcome.exitCode()).isZero();
      } else {
        assertThat(outcome.stdout())
            .isIn(
                """
                attach program lsm/socket_connect: Operation not permitted: run as root, on a machine that lets root \
                load programs of LSM hooks
                """,
                """
                attach program lsm/socket_connect: the kernel has no such hook for BPF programs: use one with \
                CONFIG_BPF_LSM=y
                """,
                """
                attach program lsm/socket_connect: the kernel does not ask BPF programs: boot it with "bpf" at the \
                end of the list lsm=
                """);
        assertThat(outcome.exitCode()).isEqualTo(1);
      }
    }
  }

  @Test
  void withoutAPinItEndsAndMakesNoMap() {
    // Given
    Path pin = tree.publicPin(DenyByValue.BPF_NAME);
    // When
    Outcome outcome = DenyByValue.on(pin).run();
    // Then
    assertThat(outcome.stderr())
        .isEqualTo(
            "open pin %s: No such file or directory: run as root beside an agent that has this map\n"
                .formatted(pin));
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(pin).doesNotExist();
  }

  @Test
  void aMapOfAnotherStructIsRefused() {
    // Given
    store.install(TENANT_MAP);
    store.publish(TENANTS);
    Path pin = tree.publicPin(TENANT_CTX);
    // When
    Outcome outcome = DenyByValue.on(pin).run();
    // Then
    assertThat(outcome.stderr())
        .isEqualTo(
            "open pin %s: not a map of struct net_trust: generate net_trust.h again\n"
                .formatted(pin));
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  void withoutArgumentsItSaysHowToCallIt() {
    // Given
    Command call = DenyByValue.on(tree.publicPin(DenyByValue.BPF_NAME)).arguments("more");
    // When
    Outcome outcome = call.run();
    // Then
    assertThat(outcome.stderr()).matches("usage: .*/deny_by_value PIN\n");
    assertThat(outcome.exitCode()).isEqualTo(2);
  }
}
