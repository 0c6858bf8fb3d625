package io.taskstorage.e2e.controller;

import io.taskstorage.controller.reconcile.Controller;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a controller had surely taken in when it computed a status, by the order of events alone.
 *
 * <p>It is asked all the time which version of each kind it has taken in. Who computes a status for
 * version {@code v} of an object has taken in {@code v} before; so what had been taken in when
 * {@code v} had not yet been, was known to that computation. The same is true of all that had been
 * taken in while some kind was not listed completely, for nothing is computed then. How often it is
 * asked makes what is surely known less or more, never wrong.
 */
final class Knowledge implements AutoCloseable {
  private static final long PAUSE_MILLIS = 2;

  /** Three answers, one after the other. */
  private record Sample(Map<String, Long> first, Map<String, Long> second, boolean isComplete) {}

  private final Controller controller;
  private final long begin;
  private final List<Sample> samples = new ArrayList<>();
  private final Thread thread;
  private long end = Long.MAX_VALUE;

  private Knowledge(Controller controller, long begin) {
    this.controller = controller;
    this.begin = begin;
    this.thread = Thread.ofPlatform().daemon().name("knowledge").unstarted(this::ask);
  }

  /**
   * Of a controller that has not started yet.
   *
   * @param begin a version that the store had before: what the controller writes has later ones
   */
  static Knowledge of(Controller controller, long begin) {
    Knowledge knowledge = new Knowledge(controller, begin);
    knowledge.thread.start();
    return knowledge;
  }

  private void ask() {
    try {
      while (true) {
        Sample sample = new Sample(versions(), versions(), isComplete());
        synchronized (this) {
          int last = samples.size() - 1;
          if (last < 0 || !samples.get(last).equals(sample)) {
            samples.add(sample);
          }
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isComplete() {
    return List.of().equals(controller.state().get("unsynced"));
  }

  private Map<String, Long> versions() {
    Map<String, Long> versions = new HashMap<>();
    if (controller.state().get("versions") instanceof Map<?, ?> known) {
      known.forEach((kind, version) -> versions.put(String.valueOf(kind), (Long) version));
    }
    return versions;
  }

  /** Ends: the store has this version, and the controller has written all that it will. */
  synchronized void end(long version) {
    end = Math.min(end, version);
  }

  /** Whether the one that wrote this version may have been this controller. */
  synchronized boolean mayHaveWritten(long version) {
    return begin < version && version <= end;
  }

  /**
   * The version of each kind that was surely known.
   *
   * @param kind of the object whose status was computed
   * @param version of the object, for which it was computed
   */
  synchronized Map<String, Long> before(String kind, long version) {
    Map<String, Long> known = Map.of();
    for (Sample sample : samples) {
      if (!sample.isComplete() || sample.second().getOrDefault(kind, 0L) < version) {
        known = sample.first();
      }
    }
    return known;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
