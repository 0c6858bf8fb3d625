package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who asks for a node that somebody holds. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class TakeOverKernelTest {
  private PinTree tree;
  private World world;

  @BeforeEach
  void tree(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    world = World.real(sandbox);
  }

  @Test
  void oneAsksAtATimeWhileAnotherHoldsTheNode() {
    // Given
    try (TaskStore _ = TaskStores.rescan(tree, world.membership())) {
      assertThat(TakeOver.isAsked(tree)).isFalse();
      // When
      TakeOver request = TakeOver.ask(tree).orElseThrow();
      // Then
      assertThat(TakeOver.isAsked(tree)).isTrue();
      assertThat(TakeOver.ask(tree)).isEmpty();
      // When
      request.close();
      // Then
      assertThat(TakeOver.isAsked(tree)).isFalse();
      TakeOver.ask(tree).orElseThrow().close();
    }
  }

  @Test
  void aRequestEndsWithItsProcess() {
    // Given
    try (TaskStore _ = TaskStores.rescan(tree, world.membership())) {
      TakeOver.ask(tree).orElseThrow().close();
      try (Child asker =
          Command.of("flock", "--no-fork", tree.successor().toString(), "sleep", "1000").start()) {
        await().until(() -> TakeOver.isAsked(tree));
        // When
        asker.signal(Signal.KILL);
        asker.awaitExit();
      }
      // Then
      assertThat(TakeOver.isAsked(tree)).isFalse();
    }
  }

  @Test
  void nobodyElseMayAsk() {
    // Given
    try (TaskStore _ = TaskStores.rescan(tree, world.membership())) {
      TakeOver.ask(tree).orElseThrow().close();
      // When
      Outcome refused =
          Command.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
              .arguments("flock", "-n", tree.successor().toString(), "true")
              .run();
      // Then
      assertThat(refused.exitCode()).isNotZero();
      assertThat(refused.stderr()).contains("Permission denied");
    }
  }

  @Test
  void aFolderOfSomebodyElseIsRefused() throws IOException {
    // Given
    try (TaskStore _ = TaskStores.rescan(tree, world.membership())) {
      Files.createDirectory(tree.successor());
      Files.setAttribute(tree.successor(), "unix:uid", 65534);
      // When, Then
      assertThatThrownBy(() -> TakeOver.ask(tree)).hasMessageContaining("belongs to user 65534");
    }
  }

  @Test
  void whereNothingWasEverAskedNobodyAsks() {
    // When, Then
    assertThat(TakeOver.isAsked(tree)).isFalse();
  }

  @Test
  void aCleanTakesTheFolderOfRequestsToo() {
    // Given
    try (TaskStore _ = TaskStores.rescan(tree, world.membership())) {
      Optional<TakeOver> request = TakeOver.ask(tree);
      request.orElseThrow().close();
    }
    // When
    TaskStores.clean(tree);
    // Then
    assertThat(PinListing.of(tree.root())).isEmpty();
  }
}
