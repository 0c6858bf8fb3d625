package io.taskstorage.agent.execute;

import io.taskstorage.agent.execute.Outcome.Effect;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.InForce.AssignedRow;
import io.taskstorage.agent.observe.InForce.MapInForce;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.bpf.BpfException;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.Installation;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreException;
import io.taskstorage.taskstore.StoreProblem;
import io.taskstorage.taskstore.SweepResult;
import io.taskstorage.taskstore.TaskStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Carries out plans: the only caller of what changes the store, on the thread that opened it.
 *
 * <p>There is no undo. A step that fails takes the later steps of its map with it and no others;
 * the next turn observes and plans again. A sweep that fails takes what follows it for all maps: a
 * map becomes public once it is filled.
 */
public final class Executor {
  private final TaskStore store;
  private final Set<MapName> failed = new HashSet<>();

  /** Made in this run: nothing of them was due before. */
  private final Set<MapName> made = new HashSet<>();

  private boolean hasSweepFailed;
  private InForce inForce = InForce.NOTHING;
  private Optional<CgroupSnapshot> seen = Optional.empty();

  /** Works on {@code store}, which stays the caller's to close. */
  public Executor(TaskStore store) {
    this.store = store;
  }

  /** Carries out the steps in order; {@code before} is what the store holds. */
  public Execution run(List<Step> plan, InForce before) {
    return run(plan, before, Optional.empty());
  }

  /** The same by the look at the cgroups that the plan follows from. */
  public Execution run(List<Step> plan, InForce before, CgroupSnapshot seen) {
    return run(plan, before, Optional.of(seen));
  }

  private Execution run(List<Step> plan, InForce before, Optional<CgroupSnapshot> seen) {
    this.seen = seen;
    inForce = before;
    failed.clear();
    made.clear();
    hasSweepFailed = false;
    List<Outcome> outcomes = new ArrayList<>();
    for (Step step : plan) {
      StepEvent event = new StepEvent();
      event.begin();
      Outcome outcome = run(step);
      event.end(outcome);
      outcomes.add(outcome);
    }
    return new Execution(outcomes, inForce);
  }

  private Outcome run(Step step) {
    try {
      return switch (step) {
        case Step.InstallMap install -> install(install);
        case Step.PublishMap publish -> publish(publish);
        case Step.RemoveMap remove -> remove(remove);
        case Step.Assign assign -> assign(assign);
        case Step.Unassign unassign -> unassign(unassign);
        case Step.Sweep sweep -> sweep(sweep);
      };
    } catch (StoreException e) {
      return failed(step, e.problem());
    } catch (BpfException e) {
      return failed(step, new StoreProblem.KernelRefused(e));
    }
  }

  private Outcome install(Step.InstallMap step) {
    MapName name = step.map().name();
    if (failed.contains(name)) {
      return skipped(step, name);
    }
    MapInForce known = inForce.maps().get(name);
    Installation installation = store.install(step.map());
    boolean isAdopted = installation instanceof Installation.Adopted;
    boolean isPublic = isAdopted && known != null && known.isPublic();
    if (!isAdopted) {
      made.add(name);
      inForce = inForce.withoutMap(name);
    }
    inForce = inForce.withMap(new MapInForce(step.map(), true, isPublic));
    return new Outcome.Done(step, new Effect.Installed(installation));
  }

  private Outcome publish(Step.PublishMap step) {
    MapInForce known = inForce.maps().get(step.map());
    if (known == null || failed.contains(step.map())) {
      return skipped(step, step.map());
    }
    if (hasSweepFailed) {
      return new Outcome.Skipped(step, "the sweep before it failed");
    }
    store.publish(step.map());
    inForce = inForce.withMap(new MapInForce(known.map(), true, true));
    return new Outcome.Done(step, new Effect.AsPlanned());
  }

  private Outcome remove(Step.RemoveMap step) {
    store.remove(step.map(), step.reclaim());
    inForce = inForce.withoutMap(step.map());
    return new Outcome.Done(step, new Effect.AsPlanned());
  }

  /**
   * A row without the maps that are not there: the others do not wait for them. A map that is there
   * in its old form, because the new one was refused, keeps what this cgroup had in it.
   */
  private Outcome assign(Step.Assign step) {
    AssignedRow before = inForce.rows().get(step.cgroup().id());
    Row wanted = step.wanted().row();
    Map<MapName, Value> values = new HashMap<>(wanted.values());
    SortedSet<MapName> missing = new TreeSet<>();
    for (MapName map : wanted.values().keySet()) {
      MapInForce known = inForce.maps().get(map);
      boolean isThere = known != null && known.installed();
      if (!isThere || failed.contains(map)) {
        missing.add(map);
        values.remove(map);
        if (isThere && before != null) {
          before.row().value(map).ifPresent(value -> values.put(map, value));
        }
      }
    }
    // As the same instance it is compared at once with what is wanted later.
    Row row = missing.isEmpty() ? wanted : new Row(values);
    Set<MapName> overdue = new HashSet<>(step.wanted().overdue());
    overdue.removeAll(made);
    store.assign(step.cgroup().id(), row, overdue);
    inForce = inForce.withRow(new AssignedRow(step.cgroup(), row));
    return new Outcome.Done(
        step, missing.isEmpty() ? new Effect.AsPlanned() : new Effect.AssignedWithout(missing));
  }

  private Outcome unassign(Step.Unassign step) {
    store.unassign(step.cgroup().id());
    inForce = inForce.withoutRow(step.cgroup().id());
    return new Outcome.Done(step, new Effect.AsPlanned());
  }

  private Outcome sweep(Step.Sweep step) {
    SweepResult swept = seen.map(store::sweep).orElseGet(store::sweep);
    step.policies()
        .forEach(
            (map, words) -> {
              MapInForce known = inForce.maps().get(map);
              boolean isThere = known != null && known.installed() && !failed.contains(map);
              if (isThere && !words.equals(inForce.policies().get(map))) {
                store.remember(map, words);
                inForce = inForce.withPolicies(map, words);
              }
            });
    return new Outcome.Done(step, new Effect.Swept(swept));
  }

  private Outcome failed(Step step, StoreProblem problem) {
    switch (step) {
      case Step.InstallMap install -> failed.add(install.map().name());
      case Step.PublishMap publish -> failed.add(publish.map());
      case Step.RemoveMap remove -> failed.add(remove.map());
      case Step.Sweep _ -> hasSweepFailed = true;
      case Step.Assign _, Step.Unassign _ -> {}
    }
    return new Outcome.Failed(step, problem);
  }

  private static Outcome skipped(Step step, MapName map) {
    return new Outcome.Skipped(step, "an earlier step for map " + map + " failed");
  }
}
