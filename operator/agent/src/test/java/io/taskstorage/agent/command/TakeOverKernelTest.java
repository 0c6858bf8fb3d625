package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.TakeOverBed.awaitReadiness;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.bpf.DirectoryLock;
import io.taskstorage.taskstore.TakeOver;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node goes from one agent to the next while tasks start and values change. */
@KernelTest
@ApiServerTest
class TakeOverKernelTest {
  private static final int EXCHANGES = Integer.getInteger("exchanges", 4);

  private TakeOverBed bed;

  @BeforeEach
  void startFirst(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    bed = new TakeOverBed(api, cgroups, bpffs, folder);
  }

  @AfterEach
  void end() {
    bed.close();
  }

  @Test
  void oneAgentAfterAnotherTakesOverAndTheOneBeforeStaysReadyUntilItIsEnded() {
    Child holder = bed.first();
    for (int i = 0; i < EXCHANGES; i++) {
      // When
      bed.beginChange();
      Child successor = bed.successor();

      // Then
      awaitReadiness(successor, "200 ok\n");
      bed.endChange();
      awaitReadiness(holder, taken(successor));
      double written = nodeStateWrites(holder);
      bed.assertWorks();
      assertThat(nodeStateWrites(holder)).isEqualTo(written);
      end(holder);
      bed.assertWorks();
      holder = successor;
    }
    bed.bed().awaitNodeState("{.status.maps[0].state}", "Programmed");
    end(holder);
    bed.assertStartsAreRight();
  }

  @Test
  void aSuccessorThatIsKilledBeforeItIsAnsweredIsForgotten() {
    // Given
    bed.first().signal(Signal.STOP);
    try (Child successor = bed.successor()) {
      awaitReadiness(successor, asked(bed.first()));
      bed.assertStartsAreRight();

      // When
      kill(successor);
      bed.first().signal(Signal.CONT);

      // Then
      bed.assertWorks();
      awaitReadiness(bed.first(), "200 ok\n");
      assertThat(bed.first().stderr()).doesNotContain("let go of the node");
    }
  }

  @Test
  void whoHasLetGoGoesOnWhereItsSuccessorIsKilled() {
    // Given
    try (Child successor = bed.successor()) {
      awaitReadiness(successor, "200 ok\n");
      awaitReadiness(bed.first(), taken(successor));

      // When
      kill(successor);

      // Then
      bed.assertWorks();
      awaitReadiness(bed.first(), "200 ok\n");
    }
    // When
    try (Child another = bed.successor()) {
      // Then
      awaitReadiness(another, "200 ok\n");
      bed.assertWorks();
      awaitReadiness(bed.first(), taken(another));
    }
  }

  @Test
  void aHolderThatHangsIsWaitedForAndItsProgramsGoOnUntilItIsKilled() {
    // Given
    bed.first().signal(Signal.STOP);
    try (Child successor = bed.successor()) {
      awaitReadiness(successor, asked(bed.first()));
      bed.assertStartsAreRight();

      // When
      kill(bed.first());

      // Then
      awaitReadiness(successor, "200 ok\n");
      bed.assertWorks();
    }
  }

  @Test
  void aHolderThatHangsLetsGoWhenItGoesOn() {
    // Given
    bed.first().signal(Signal.STOP);
    try (Child successor = bed.successor()) {
      awaitReadiness(successor, asked(bed.first()));

      // When
      bed.first().signal(Signal.CONT);

      // Then
      awaitReadiness(successor, "200 ok\n");
      awaitReadiness(bed.first(), taken(successor));
      bed.assertWorks();

      // When
      kill(bed.first());

      // Then
      bed.assertWorks();
    }
  }

  @Test
  void aSuccessorThatIsNotToldEverythingDoesNotAsk() {
    // Given
    bed.bed().proxy().fault(_ -> true, new Fault.Cut());

    // When
    try (Child successor = bed.successor()) {
      // Then
      String held =
          "503 process %d holds this node: it is asked for it once everything is known here\n"
              .formatted(bed.first().pid());
      await()
          .atMost(AgentBed.LIMIT)
          .untilAsserted(
              () ->
                  assertThat(AgentEndpoint.get(successor, "/readyz"))
                      .startsWith(held + "list and watch "));
      bed.assertStartsAreRight();
      assertThat(TakeOver.isAsked(bed.bed().pins())).isFalse();

      // When
      bed.bed().proxy().mend();

      // Then
      awaitReadiness(successor, "200 ok\n");
      bed.assertWorks();
    }
  }

  @Test
  void whoDoesNotAskWaitsAndSaysForWhom() {
    // When
    try (Child waiting = bed.agent()) {
      // Then
      awaitReadiness(
          waiting,
          "503 process %d holds this node: end it, or start this one with --take-over\n"
              .formatted(bed.first().pid()));
      bed.assertWorks();

      // When
      end(bed.first());

      // Then
      awaitReadiness(waiting, "200 ok\n");
      bed.assertWorks();
    }
  }

  @Test
  void whileARequestStandsWhoHasLetGoTakesNothingBack() {
    // When
    try (TakeOver _ = TakeOver.ask(bed.bed().pins()).orElseThrow()) {
      // Then
      awaitReadiness(bed.first(), "200 ok\npassive: another process takes this node over\n");
      assertThat(DirectoryLock.isHeld(bed.bed().pins().agentFolder())).isFalse();
      bed.assertStartsAreRight();
      try (Child waiting = bed.successor()) {
        awaitReadiness(waiting, "503 another process asks for this node: it goes first\n");
        end(waiting);
      }
      assertThat(DirectoryLock.isHeld(bed.bed().pins().agentFolder())).isFalse();
    }
    // Then
    bed.assertWorks();
    awaitReadiness(bed.first(), "200 ok\n");
  }

  private static String asked(Child holder) {
    return "503 asked process %d for this node: it lets go after its turn; if it hangs, end it\n"
        .formatted(holder.pid());
  }

  private static String taken(Child successor) {
    return "200 ok\npassive: process %d has taken this node over\n".formatted(successor.pid());
  }

  private static double nodeStateWrites(Child agent) {
    Matcher line =
        Pattern.compile("taskstorage_node_state_writes_total\\{outcome=\"ok\"} (\\S+)")
            .matcher(AgentEndpoint.get(agent, "/metrics"));
    assertThat(line.find()).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private static void kill(Child agent) {
    agent.signal(Signal.KILL);
    agent.awaitExit();
  }

  private static void end(Child agent) {
    agent.signal(Signal.TERM);
    assertThat(agent.awaitExit().exitCode()).isZero();
  }
}
