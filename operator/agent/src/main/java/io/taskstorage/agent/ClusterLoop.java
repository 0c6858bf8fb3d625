package io.taskstorage.agent;

import io.taskstorage.agent.cluster.ApiObserver;
import io.taskstorage.agent.nri.ContainerEvents;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The agent of a cluster's node: turns when the API server told something new, when a cgroup came
 * or the kernel tells of something else, and after each interval. One platform thread calls
 * everything here, the one that opened the store.
 *
 * <p>There is no turn before everything is known that the API has to say, by the server or by a
 * checkpoint: half of it would take values away.
 */
public final class ClusterLoop {
  private final ApiObserver api;
  private final Turn turn;
  private final CgroupWatch watch;
  private final PinWatch pins;
  private final ContainerEvents events;
  private final Duration interval;
  private final Runnable began;

  /**
   * A loop that has not turned yet; what it is given stays the caller's to close.
   *
   * @param began told when a turn begins
   */
  public ClusterLoop(
      ApiObserver api,
      Turn turn,
      CgroupWatch watch,
      PinWatch pins,
      ContainerEvents events,
      Duration interval,
      Runnable began) {
    this.api = api;
    this.turn = turn;
    this.watch = watch;
    this.pins = pins;
    this.events = events;
    this.interval = interval;
    this.began = began;
  }

  /**
   * Turns until {@code dirty} is stopped, or until the node is somebody else's.
   *
   * @param isAsked whether another process asks for the node; {@code dirty} is marked when it does
   */
  public void run(Dirty dirty, BooleanSupplier isAsked) {
    long last = System.nanoTime();
    boolean isFirst = true;
    Pace pace = new Pace(dirty);
    while (!dirty.isStopped() && !isAsked.getAsBoolean()) {
      pace.begins();
      long asked = events.gate().asked();
      CgroupSnapshot cgroups = turn.look();
      watch.renew(cgroups);
      ApiState now = api.observe(cgroups, events.names());
      if (!now.complete()) {
        events.gate().passed(asked, Set.of());
        dirty.await(interval);
        continue;
      }
      boolean isDue =
          isFirst || events.gate().isAsked() || pins.isNews() || turn.isDue(last, interval);
      if (isDue || isNews(now, cgroups)) {
        last = System.nanoTime();
        isFirst = false;
        began.run();
        pins.begins();
        turn.take(now, cgroups);
        pins.turned();
      }
      events.gate().passed(asked, ApiObserver.containerIds(now));
      pace.rest();
      dirty.await(turn.pause(interval).minusNanos(System.nanoTime() - last));
    }
  }

  /** Something to act on at once. */
  @SuppressWarnings("ReferenceEquality") // An observation is the same instance while unchanged.
  private boolean isNews(ApiState now, CgroupSnapshot cgroups) {
    return turn.api().filter(known -> known == now).isEmpty()
        || turn.cgroups().filter(known -> known == cgroups).isEmpty();
  }
}
