package io.taskstorage.agent.nri;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of containers from the container runtime, by its node resource interface (NRI), on a thread
 * of its own until it is closed. Whatever the runtime does or says ends a connection at most;
 * another one is tried after a pause.
 */
final class NriPlugin implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NriPlugin.class);
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final long END_SECONDS = 5;

  private final Path socket;
  private final KnownContainers known;
  private final StartGate gate;
  private final NriCounts counts;
  private final Thread thread;
  private volatile NriState state;
  private Duration pause = SHORTEST;

  private NriPlugin(Path socket, KnownContainers known, StartGate gate, NriCounts counts) {
    this.socket = socket;
    this.known = known;
    this.gate = gate;
    this.counts = counts;
    this.state = new NriState.NotThere(socket);
    this.thread = Thread.ofPlatform().daemon().name("nri").unstarted(this::run);
  }

  /**
   * Begins to try.
   *
   * @param socket where the runtime listens, now or later
   * @param known told of containers
   * @param gate where their starts wait
   * @param counts told of everything, on the plugin's thread
   */
  static NriPlugin start(Path socket, KnownContainers known, StartGate gate, NriCounts counts) {
    NriPlugin plugin = new NriPlugin(socket, known, gate, counts);
    plugin.thread.start();
    return plugin;
  }

  /** How it stands now. Any thread. */
  NriState state() {
    return state;
  }

  private void run() {
    Rehearsal.play();
    try {
      tryAgainAndAgain();
    } finally {
      become(new NriState.Off());
    }
  }

  private void tryAgainAndAgain() {
    while (!Thread.currentThread().isInterrupted()) {
      NriState end = attempt();
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      become(end);
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    }
  }

  /** Connects and serves until that ends. */
  private NriState attempt() {
    try {
      String refusal = SocketTrust.refusal(socket).orElse("");
      if (!refusal.isEmpty()) {
        return new NriState.Refused(socket, refusal);
      }
      try (Wire wire = Wire.connect(socket)) {
        new Session(wire, new Handler(known, gate, counts), this::connected).serve();
      }
      return state;
    } catch (NoSuchFileException e) {
      return new NriState.NotThere(socket);
    } catch (ClosedByInterruptException e) {
      Thread.currentThread().interrupt();
      return state;
    } catch (IOException e) {
      return new NriState.Refused(socket, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("connection to the container runtime failed");
      return new NriState.Refused(socket, "internal error: " + e);
    }
  }

  private void connected(String runtime) {
    pause = SHORTEST;
    become(new NriState.Connected(runtime));
  }

  /** Tells what is new, once. */
  private void become(NriState next) {
    NriState before = state;
    state = next;
    if (next instanceof NriState.Connected || before instanceof NriState.Connected) {
      counts.runtime(next instanceof NriState.Connected);
    }
    if (before instanceof NriState.Connected) {
      known.lost();
    }
    if (!next.equals(before)) {
      switch (next) {
        case NriState.Refused refused -> LOG.atWarn().log("container events: " + refused.text());
        case NriState.Connected _, NriState.NotThere _, NriState.Off _ ->
            LOG.atInfo().log("container events: " + next.text());
      }
    }
  }

  /** Returns when the thread has ended. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
