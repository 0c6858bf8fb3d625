package io.taskstorage.agent;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredComputation;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.execute.Execution;
import io.taskstorage.agent.execute.Executor;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.CgroupObserver;
import io.taskstorage.agent.observe.FileObserver;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.StoreObserver;
import io.taskstorage.agent.plan.Planner;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.agent.report.Report;
import io.taskstorage.agent.report.Standing;
import io.taskstorage.taskstore.Membership;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.TaskStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The agent's turn: observe, compute, plan, execute, report. One platform thread calls everything
 * here, the one that opened the store.
 */
public final class Loop {
  /** How long the first look waits for files that are being written. */
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(5);

  private final AgentConfig config;
  private final FileObserver files;
  private final CgroupObserver cgroups;
  private final StoreObserver pins;
  private final Executor executor;
  private final Consumer<Report> reporter;
  private InForce inForce = InForce.NOTHING;
  private Standing standing = Standing.START;
  private boolean isSettling;
  private @Nullable Observed observed;
  private @Nullable Desired desired;

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
    this.cgroups = new CgroupObserver(cgroups);
    this.pins = new StoreObserver(tree);
    this.executor = new Executor(store);
    this.reporter = reporter;
  }

  /** Turns once, when no file is being written any more. */
  public Standing once(Dirty dirty) {
    long end = System.nanoTime() + SETTLE_LIMIT.toNanos();
    ApiState api = files.observe();
    while (api.settling() && System.nanoTime() - end < 0 && !dirty.isStopped()) {
      dirty.await(FileObserver.settleTime());
      api = files.observe();
    }
    return turn(api);
  }

  /** Turns when the folder has changed and after every interval, until {@code dirty} is stopped. */
  public Standing run(Dirty dirty) {
    try (FolderWatch watch = FolderWatch.start(config.folder(), dirty)) {
      once(dirty);
      long last = System.nanoTime();
      while (!dirty.isStopped()) {
        Duration rest = config.interval().minusNanos(System.nanoTime() - last);
        dirty.await(isSettling ? shorter(rest, FileObserver.settleTime()) : rest);
        watch.renew();
        ApiState api = files.observe();
        isSettling = api.settling();
        boolean isDue = System.nanoTime() - last >= config.interval().toNanos();
        if (!dirty.isStopped() && (isDue || isNews(api))) {
          last = System.nanoTime();
          turn(api);
        }
      }
      return standing;
    }
  }

  /** A change to act on at once; a file that is still being written is none yet. */
  @SuppressWarnings("ReferenceEquality") // An observation is the same instance while unchanged.
  private boolean isNews(ApiState api) {
    return !api.settling() && (observed == null || observed.api() != api);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Takes away every map that this loop installed. */
  public Standing removeAll() {
    Execution execution = executor.run(Planner.removeAll(inForce), inForce);
    inForce = execution.inForce();
    Report report = Report.ofEnd(standing, execution);
    standing = report.standing();
    reporter.accept(report);
    return standing;
  }

  private Standing turn(ApiState api) {
    Observed now = pins.observe(api, cgroups.observe(), inForce);
    Desired wanted = desired(now);
    List<Step> plan = Planner.plan(wanted, now.inForce());
    Execution execution = executor.run(plan, now.inForce());
    Report report = Report.of(standing, now, wanted, execution);
    inForce = execution.inForce();
    observed = now;
    desired = wanted;
    standing = report.standing();
    reporter.accept(report);
    return standing;
  }

  /** What was computed last, while all that it was computed from is the same. */
  @SuppressWarnings("ReferenceEquality") // An observation is the same instance while unchanged.
  private Desired desired(Observed now) {
    Observed before = observed;
    Desired last = desired;
    if (before != null
        && last != null
        && now.api() == before.api()
        && now.cgroups() == before.cgroups()
        && now.inForce().maps().equals(before.inForce().maps())) {
      return last;
    }
    LastAccepted accepted = last == null ? LastAccepted.NONE : last.accepted();
    return DesiredComputation.of(now, config.node(), accepted);
  }
}
