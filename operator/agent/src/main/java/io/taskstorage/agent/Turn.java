package io.taskstorage.agent;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredComputation;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.execute.Execution;
import io.taskstorage.agent.execute.Executor;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.CgroupObserver;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.StoreObserver;
import io.taskstorage.agent.plan.Planner;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.agent.report.Report;
import io.taskstorage.agent.report.Standing;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Membership;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Starts;
import io.taskstorage.taskstore.TaskStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Observe, compute, plan, execute, report: the same whether a folder or an API server says what is
 * wanted. One platform thread calls everything here, the one that opened the store.
 */
public final class Turn {
  /** What was refused is tried again after that. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final NodeFacts node;
  private final CgroupObserver cgroups;
  private final TaskStore store;
  private final StoreObserver pins;
  private final Executor executor;
  private final Reporter reporter;
  private final LastAccepted before;
  private final DesiredComputation.Memory memory = new DesiredComputation.Memory();
  private InForce inForce = InForce.NOTHING;
  private Standing standing = Standing.START;
  private @Nullable Observed observed;
  private @Nullable Desired desired;
  private @Nullable Execution executed;

  /**
   * Everything about one turn. The end that takes everything away has only a report.
   *
   * @param starts how tasks came to their values when they started
   * @param late how many entries of each map were late, since the map was made here
   * @param isLikeLast it knew nothing new and found every task in line, as the one before it did:
   *     whatever was said of that is true of this
   */
  public record Taken(
      Optional<Observed> observed,
      Optional<Desired> desired,
      Execution execution,
      Report report,
      Starts starts,
      Map<MapName, Long> late,
      boolean isLikeLast) {}

  /** Who is told of turns, on their thread. */
  public interface Reporter {
    /** A turn knows what it is to bring about, and has done nothing of it yet. */
    default void decided(Observed observed, Desired desired) {}

    /** A turn was taken. */
    void taken(Taken taken);
  }

  /**
   * No turn was taken yet.
   *
   * @param node this node, where no cluster tells of it
   * @param cgroups the tree whose cgroups policies name; the store's own
   * @param store stays the caller's to close
   * @param tree where the store keeps its pins; nothing for a plane without pins
   * @param before what an earlier process had accepted
   * @param reporter is told of every turn
   */
  public Turn(
      NodeFacts node,
      Membership cgroups,
      TaskStore store,
      Optional<PinTree> tree,
      LastAccepted before,
      Reporter reporter) {
    this.node = node;
    this.cgroups = new CgroupObserver(cgroups);
    this.pins = new StoreObserver(tree);
    this.store = store;
    this.executor = new Executor(store);
    this.before = before;
    this.reporter = reporter;
  }

  /** The cgroups as they are now; the same instance as before while nothing has changed. */
  public CgroupSnapshot look() {
    return cgroups.observe();
  }

  /** The API's state of the last turn. */
  public Optional<ApiState> api() {
    return Optional.ofNullable(observed).map(Observed::api);
  }

  /** The cgroups of the last turn. */
  public Optional<CgroupSnapshot> cgroups() {
    return Optional.ofNullable(observed).map(Observed::cgroups);
  }

  /**
   * When the next turn is due: at once where the kernel has told of something since the last one
   * began, soon where something was refused that may work later, else after the interval.
   *
   * @param lastNanos when the last turn began
   */
  public boolean isDue(long lastNanos, Duration interval) {
    return store.isSweepDue() || System.nanoTime() - lastNanos >= pause(interval).toNanos();
  }

  /** From one turn to the next where nothing happens. */
  public Duration pause(Duration interval) {
    boolean isRefused =
        !standing.failures().isEmpty()
            || !standing.refusals().isEmpty()
            || !standing.unreadable().isEmpty();
    return isRefused && interval.compareTo(RETRY) > 0 ? RETRY : interval;
  }

  /** How things stand after the last turn. */
  public Standing standing() {
    return standing;
  }

  /**
   * Takes a turn.
   *
   * @param tree a {@link #look} just taken
   */
  public Standing take(ApiState api, CgroupSnapshot tree) {
    Observed now = pins.observe(api, tree, inForce);
    Desired wanted = desired(now);
    reporter.decided(now, wanted);
    List<Step> plan = Planner.plan(wanted, now.inForce());
    Execution execution = executor.run(plan, now.inForce(), now.cgroups());
    boolean isLikeLast = isLikeLast(now, wanted, execution);
    Report report =
        isLikeLast ? new Report(List.of(), standing) : Report.of(standing, now, wanted, execution);
    inForce = execution.inForce();
    observed = now;
    desired = wanted;
    executed = execution;
    standing = report.standing();
    reporter.taken(
        new Taken(
            Optional.of(now),
            Optional.of(wanted),
            execution,
            report,
            store.starts(),
            store.late(),
            isLikeLast));
    return standing;
  }

  /** Takes away every map that turns of this process installed. */
  public Standing removeAll() {
    Execution execution = executor.run(Planner.removeAll(inForce), inForce);
    inForce = execution.inForce();
    Report report = Report.ofEnd(standing, execution);
    standing = report.standing();
    reporter.taken(
        new Taken(
            Optional.empty(),
            Optional.empty(),
            execution,
            report,
            store.starts(),
            store.late(),
            false));
    return standing;
  }

  /** Nothing was to do, and nothing is new: there is nothing to tell. */
  @SuppressWarnings("ReferenceEquality") // An observation is the same instance while unchanged.
  private boolean isLikeLast(Observed now, Desired wanted, Execution execution) {
    return observed != null
        && wanted == desired
        && now.api() == observed.api()
        && now.cgroups() == observed.cgroups()
        && now.unreadable().equals(observed.unreadable())
        && execution.isStill()
        && execution.equals(executed);
  }

  /** What was computed last, while all that it was computed from is the same. */
  @SuppressWarnings("ReferenceEquality") // An observation is the same instance while unchanged.
  private Desired desired(Observed now) {
    Observed seen = observed;
    Desired last = desired;
    if (seen != null
        && last != null
        && now.api() == seen.api()
        && now.cgroups() == seen.cgroups()
        && now.inForce().maps().equals(seen.inForce().maps())) {
      return last;
    }
    LastAccepted accepted = last == null ? before : last.accepted();
    return DesiredComputation.of(now, node, accepted, Optional.ofNullable(seen), memory);
  }
}
