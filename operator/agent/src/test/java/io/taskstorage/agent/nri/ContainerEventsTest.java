package io.taskstorage.agent.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.agent.nri.PlayedRuntime.Peer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin and runtimes that behave, and others. */
class ContainerEventsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final HeardCounts counts = new HeardCounts();
  private final Semaphore marks = new Semaphore(0);
  private final Semaphore hurries = new Semaphore(0);

  @TempDir private Path folder;

  private Path socket() {
    return folder.resolve("nri.sock");
  }

  private ContainerEvents events() {
    return ContainerEvents.of(
        Optional.of(socket()),
        true,
        new ContainerEvents.Waking() {
          @Override
          public void mark() {
            marks.release();
          }

          @Override
          public void hurry() {
            hurries.release();
          }
        },
        counts);
  }

  private static void acquire(Semaphore told) throws InterruptedException {
    assertThat(told.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitState(ContainerEvents events, String text) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(events.state().text()).isEqualTo(text));
  }

  @Test
  void aRuntimeMayCallBeforeItHasAnsweredTheRegistration() throws InterruptedException {
    try (PlayedRuntime runtime = PlayedRuntime.listen(socket());
        ContainerEvents events = events();
        Peer peer = runtime.accept()) {
      // When
      peer.register();

      // Then
      awaitState(events, "connected to played 1");
      acquire(marks);
      assertThat(events.names().of("u1")).isEqualTo(Map.of("c1", "server"));
      assertThat(counts.heard()).contains("Configure", "Synchronize", "connected");
    }
  }

  @Test
  void whoHearsNoMoreIsNotConnected() {
    ContainerEvents ended;
    try (PlayedRuntime runtime = PlayedRuntime.listen(socket());
        ContainerEvents events = events();
        Peer peer = runtime.accept()) {
      // Given
      peer.register();
      awaitState(events, "connected to played 1");

      // When
      ended = events;
    }

    // Then
    assertThat(ended.state().text()).isEqualTo("off");
    assertThat(counts.heard()).endsWith("lost");
  }

  @Test
  void aStartWaitsForATurnAndIsAnsweredByYes() throws InterruptedException {
    try (PlayedRuntime runtime = PlayedRuntime.listen(socket());
        ContainerEvents events = events();
        Peer peer = runtime.accept()) {
      // Given
      peer.register();
      peer.call("CreateContainer", Peer.event("c2"));
      Message start = peer.request("StartContainer", Peer.event("c2"));

      // When
      peer.sendInPieces(start);
      acquire(hurries);

      // Then: the turn that is asked for observes the container
      assertThat(events.names().of("u1")).isEqualTo(Map.of("c1", "server", "c2", "c2-name"));
      events.gate().passed(events.gate().asked(), Set.of("c2"));
      Message answer = peer.next();
      assertThat(answer.stream()).isEqualTo(start.stream());
      assertThat(answer.payload()).isEmpty();
      assertThat(counts.heard()).contains("WAITED");

      // When: it starts again, as far as the runtime is concerned
      assertThat(peer.call("StartContainer", Peer.event("c2"))).isEmpty();

      // Then
      assertThat(counts.heard()).contains("READY");
    }
  }

  @Test
  void aStartThatNoTurnComesForIsAnsweredByYesAllTheSame() {
    try (PlayedRuntime runtime = PlayedRuntime.listen(socket());
        ContainerEvents _ = events();
        Peer peer = runtime.accept()) {
      // Given: a runtime that waits for 50 ms
      Message registration = peer.next();
      peer.call("Configure", new ProtoWriter().text(2, "hasty").number(5, 50));
      peer.send(
          new Message(Message.RUNTIME, registration.stream(), Message.RESPONSE, Call.DONE)
              .toFrames());

      // When, Then
      assertThat(peer.call("StartContainer", Peer.event("c2"))).isEmpty();
      assertThat(counts.heard()).contains("TIMEOUT");
    }
  }

  @Test
  void aRuntimeThatKnowsOnlyStateChangesIsHeardToo() {
    try (PlayedRuntime runtime = PlayedRuntime.listen(socket());
        ContainerEvents events = events();
        Peer peer = runtime.accept()) {
      // Given
      peer.register();
      events.gate().passed(0, Set.of("c2"));

      // When
      byte[] answer =
          peer.call(
              "StateChange",
              new ProtoWriter()
                  .number(1, 6)
                  .message(2, new ProtoWriter().text(1, "s1").text(3, "u1"))
                  .message(3, new ProtoWriter().text(1, "c2").text(2, "s1").text(3, "side")));

      // Then
      assertThat(answer).isEmpty();
      assertThat(events.names().of("u1")).isEqualTo(Map.of("c1", "server", "c2", "side"));
    }
  }

  @Test
  void afterARestartOfTheRuntimeItIsHeardAgain() throws InterruptedException {
    try (ContainerEvents events = events()) {
      // Given
      awaitState(events, "no socket at " + socket());
      try (PlayedRuntime runtime = PlayedRuntime.listen(socket());
          Peer peer = runtime.accept()) {
        peer.register();
        awaitState(events, "connected to played 1");
        peer.call("CreateContainer", Peer.event("c2"));
        marks.drainPermits();
      }

      // Then: what was told stays, and the loss is to be observed
      acquire(marks);
      awaitState(events, "no socket at " + socket());
      assertThat(events.names().of("u1")).containsOnlyKeys("c1", "c2");

      // When
      try (PlayedRuntime runtime = PlayedRuntime.listen(socket());
          Peer peer = runtime.accept()) {
        peer.register();

        // Then: what it does not tell of is gone
        awaitState(events, "connected to played 1");
        assertThat(events.names().of("u1")).containsOnlyKeys("c1");
      }
    }
  }

  @Test
  void nonsenseEndsTheConnectionAndNothingElse() {
    try (PlayedRuntime runtime = PlayedRuntime.listen(socket());
        ContainerEvents events = events()) {
      try (Peer peer = runtime.accept()) {
        // When
        peer.send(ByteBuffer.wrap(HexFormat.of().parseHex("00000001ffffffff")));

        // Then
        assertThat(peer.isClosed()).isTrue();
        awaitState(
            events,
            "connect " + socket() + ": frame of 4294967295 bytes: at most 4194314 are allowed");
      }
      try (Peer peer = runtime.accept()) {
        peer.register();
        awaitState(events, "connected to played 1");
      }
    }
  }

  @Test
  void aRefusedRegistrationSaysWhy() {
    try (PlayedRuntime runtime = PlayedRuntime.listen(socket());
        ContainerEvents events = events();
        Peer peer = runtime.accept()) {
      // When
      peer.next();
      peer.send(
          new Message(
                  Message.RUNTIME,
                  1,
                  Message.RESPONSE,
                  new ProtoWriter()
                      .message(1, new ProtoWriter().number(1, 3).text(2, "invalid index"))
                      .toBytes())
              .toFrames());

      // Then
      awaitState(
          events,
          "connect " + socket() + ": the runtime refuses the registration: code 3: invalid index");
    }
  }

  @Test
  void aPeerThatSaysNothingHoldsNobody() {
    try (PlayedRuntime runtime = PlayedRuntime.listen(socket())) {
      // Given
      Peer silent;
      try (ContainerEvents events = events()) {
        silent = runtime.accept();
        silent.next();

        // When, Then
        assertThat(events.names().byPod()).isEmpty();
      }
      try (silent) {
        assertThat(silent.isClosed()).as("the end comes all the same").isTrue();
      }
    }
  }

  @Test
  void aFileInTheSocketsPlaceIsSaidToBeNone() throws Exception {
    Files.createFile(socket());
    try (ContainerEvents events = events()) {
      awaitState(
          events,
          "connect "
              + socket()
              + ": it is no socket: name the runtime's by --nri, or give --nri=off");
    }
  }

  @Test
  void whatIsOffIsSaidToBe() {
    try (ContainerEvents events =
        ContainerEvents.of(
            Optional.empty(),
            true,
            new ContainerEvents.Waking() {
              @Override
              public void mark() {}

              @Override
              public void hurry() {}
            },
            counts)) {
      assertThat(events.state().text()).isEqualTo("off");
      assertThat(events.names().byPod()).isEmpty();
    }
  }
}
