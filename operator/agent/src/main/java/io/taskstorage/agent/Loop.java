package io.taskstorage.agent;

import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.FileObserver;
import io.taskstorage.agent.report.Report;
import io.taskstorage.agent.report.Standing;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.Membership;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.TaskStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The standalone agent: turns when a folder of manifests changes, when the kernel tells of
 * something and after each interval. One platform thread calls everything here, the one that opened
 * the store.
 */
public final class Loop {
  /** How long the first look waits for files that are being written. */
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(5);

  private final AgentConfig config;
  private final FileObserver files;
  private final Turn turn;
  private final Optional<PinTree> tree;
  private boolean isSettling;

  /**
   * A loop that has not turned yet.
   *
   * @param cgroups the tree whose cgroups policies name; the store's own
   * @param store stays the caller's to close
   * @param tree where the store keeps its pins; nothing for a plane without pins
   * @param reporter is told of every turn, on the loop's thread
   */
  public Loop(
      AgentConfig config,
      Membership cgroups,
      TaskStore store,
      Optional<PinTree> tree,
      Consumer<Report> reporter) {
    this(config, cgroups, store, tree, reporter, InstantSource.system());
  }

  /** The same with a clock of its own, which decides when a file is still. */
  Loop(
      AgentConfig config,
      Membership cgroups,
      TaskStore store,
      Optional<PinTree> tree,
      Consumer<Report> reporter,
      InstantSource clock) {
    this.config = config;
    this.files = new FileObserver(config.folder(), clock);
    this.tree = tree;
    this.turn =
        new Turn(
            config.node(),
            cgroups,
            store,
            tree,
            LastAccepted.NONE,
            taken -> reporter.accept(taken.report()));
  }

  /** Turns once, when no file is being written any more. */
  public Standing once(Dirty dirty) {
    long end = System.nanoTime() + SETTLE_LIMIT.toNanos();
    ApiState api = files.observe();
    while (api.settling() && System.nanoTime() - end < 0 && !dirty.isStopped()) {
      dirty.await(FileObserver.settleTime());
      api = files.observe();
    }
    return turn.take(api, turn.look());
  }

  /** Turns when there is a reason to, until {@code dirty} is stopped. */
  public Standing run(Dirty dirty) {
    try (FolderWatch watch = FolderWatch.start(config.folder(), dirty);
        PinWatch pins = PinWatch.start(tree, dirty)) {
      Pace pace = new Pace(dirty);
      pins.begins();
      once(dirty);
      pins.turned();
      long last = System.nanoTime();
      while (!dirty.isStopped()) {
        Duration rest = turn.pause(config.interval()).minusNanos(System.nanoTime() - last);
        dirty.await(isSettling ? shorter(rest, FileObserver.settleTime()) : rest);
        pace.begins();
        watch.renew();
        ApiState api = files.observe();
        isSettling = api.settling();
        CgroupSnapshot cgroups = turn.look();
        boolean isDue = pins.isNews() || turn.isDue(last, config.interval());
        if (!dirty.isStopped() && (isDue || isNews(api) || isNews(cgroups))) {
          last = System.nanoTime();
          pins.begins();
          turn.take(api, cgroups);
          pins.turned();
          pace.rest();
        }
      }
      return turn.standing();
    }
  }

  /** A change to act on at once; a file that is still being written is none yet. */
  @SuppressWarnings("ReferenceEquality") // An observation is the same instance while unchanged.
  private boolean isNews(ApiState api) {
    return !api.settling() && turn.api().filter(known -> known == api).isEmpty();
  }

  /** Also what came or went after the last turn had looked: its sweep has taken the news of it. */
  @SuppressWarnings("ReferenceEquality") // An observation is the same instance while unchanged.
  private boolean isNews(CgroupSnapshot cgroups) {
    return turn.cgroups().filter(known -> known == cgroups).isEmpty();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Takes away every map that this loop installed. */
  public Standing removeAll() {
    return turn.removeAll();
  }
}
