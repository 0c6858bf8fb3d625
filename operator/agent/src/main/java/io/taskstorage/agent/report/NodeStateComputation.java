package io.taskstorage.agent.report;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.Judged;
import io.taskstorage.agent.execute.Execution;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.observe.InForce.MapInForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.SweepResult;
import io.taskstorage.taskstore.TaskFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a node says of itself after a turn. Pure; the same turn gives the same state. */
public final class NodeStateComputation {
  static final int MAX_MAPS = 32;
  static final int MAX_POLICIES = 512;

  /** Of all tokens together: with all else at its limit a state stays below 256 KiB. */
  static final int MAX_TOKEN_BYTES = 160 << 10;

  /** What JSON puts around each: quotes and a comma. */
  private static final int AROUND = 3;

  private final Observed observed;
  private final Desired desired;
  private final Execution execution;
  private final Map<MapName, String> reasons = new HashMap<>();
  private Optional<SweepResult> swept = Optional.empty();

  private NodeStateComputation(Observed observed, Desired desired, Execution execution) {
    this.observed = observed;
    this.desired = desired;
    this.execution = execution;
    execution.outcomes().forEach(this::note);
  }

  /**
   * The state after a turn.
   *
   * @param late how many late entries each map has had so far, this turn included
   */
  public static NodeStateStatus of(
      NodeAgent agent,
      Observed observed,
      Desired desired,
      Execution execution,
      Map<MapName, Long> late) {
    return new NodeStateComputation(observed, desired, execution).status(agent, late);
  }

  private void note(Outcome outcome) {
    switch (outcome) {
      case Outcome.Failed(Step.InstallMap step, var problem) ->
          reasons.putIfAbsent(step.map().name(), problem.reason());
      case Outcome.Failed(Step.PublishMap step, var problem) ->
          reasons.putIfAbsent(step.map(), problem.reason());
      case Outcome.Failed(Step.RemoveMap step, var problem) ->
          reasons.putIfAbsent(step.map(), problem.reason());
      case Outcome.Failed(Step.Assign step, var problem) ->
          step.maps().forEach(map -> reasons.putIfAbsent(map, problem.reason()));
      case Outcome.Failed(Step.Sweep _, var problem) ->
          desired.maps().keySet().forEach(map -> reasons.putIfAbsent(map, problem.reason()));
      case Outcome.Done(Step.Sweep _, Outcome.Effect.Swept(var result)) -> {
        swept = Optional.of(result);
        result.failures().forEach(this::note);
      }
      case Outcome.Done _, Outcome.Failed _, Outcome.Skipped _ -> {}
    }
  }

  private void note(TaskFailure failure) {
    Set<MapName> maps = failure.map().map(Set::of).orElse(desired.maps().keySet());
    Reason reason =
        Stream.of(Reason.TOO_MANY_VALUES, Reason.CGROUP_TOO_DEEP, Reason.FOREIGN_CHANGE)
            .filter(known -> known.wire().equals(failure.reason()))
            .findFirst()
            .orElse(Reason.KERNEL_REFUSED);
    maps.forEach(map -> reasons.putIfAbsent(map, reason.wire()));
  }

  private NodeStateStatus status(NodeAgent agent, Map<MapName, Long> late) {
    SortedMap<String, NodeMap> maps = new TreeMap<>();
    List<Refusal> refusals = Refusal.of(observed, desired);
    List<Refusal> ofPolicies = refusals.stream().filter(each -> !each.isOfMap()).toList();
    PolicyTokens tokens =
        new PolicyTokens(
            observed, desired, refusals, ofPolicies.stream().limit(NodeFailures.MAX_ROWS).toList());
    EntryCounting entries = new EntryCounting(observed, desired, swept, late);
    for (Judged judged : desired.judged()) {
      if (judged instanceof Judged.OfMap map && map.selectsNode()) {
        MapName name = new MapName(map.key().name());
        ObjectMeta meta = meta(map.key());
        String reason = reasons.get(name);
        boolean isThere = isInForce(name);
        String state = isThere && reason == null ? NodeMap.PROGRAMMED : NodeMap.FAILED;
        if (!isThere && reason == null) {
          reason = Reason.RECONCILING.wire();
        }
        maps.put(
            name.value(),
            new NodeMap(
                name.value(),
                meta.getUid(),
                meta.getGeneration(),
                state,
                reason,
                entries.of(name),
                isThere ? tokens.of(name) : null,
                null));
      }
    }
    for (Refusal refusal : refusals) {
      if (refusal.isOfMap()) {
        maps.put(refusal.key().name(), refused(refusal, maps.get(refusal.key().name())));
      }
    }
    removing(maps);
    NodeFailures failures = NodeFailures.of(observed, desired, ofPolicies);
    int omitted = Math.max(0, maps.size() - MAX_MAPS);
    return new NodeStateStatus(
        agent,
        bounded(maps.values().stream().limit(MAX_MAPS).toList()),
        omitted == 0 ? null : omitted,
        failures.rows(),
        failures.omitted() == 0 ? null : failures.omitted());
  }

  /** What is refused here; what an earlier version of it does stays. */
  private static NodeMap refused(Refusal refusal, @Nullable NodeMap earlier) {
    return new NodeMap(
        refusal.key().name(),
        refusal.uid(),
        refusal.generation(),
        NodeMap.FAILED,
        refusal.reason().wire(),
        earlier == null ? null : earlier.entries(),
        earlier == null ? null : earlier.policies(),
        null);
  }

  /** Maps whose object is gone and that could not be taken away. */
  private void removing(SortedMap<String, NodeMap> maps) {
    for (Outcome outcome : execution.outcomes()) {
      if (outcome instanceof Outcome.Failed(Step.RemoveMap step, var problem)
          && !maps.containsKey(step.map().value())) {
        maps.put(
            step.map().value(),
            new NodeMap(
                step.map().value(), "", 0L, NodeMap.REMOVING, problem.reason(), null, null, null));
      }
    }
  }

  /** Installed as the object asks, and public. */
  private boolean isInForce(MapName name) {
    MapInForce known = execution.inForce().maps().get(name);
    StoreMap wanted = desired.maps().get(name);
    return known != null
        && known.installed()
        && known.isPublic()
        && known.map().equals(wanted)
        && swept.isPresent();
  }

  /** Of the version that counts: that of an earlier generation, where the newest is refused. */
  private ObjectMeta meta(ObjectKey key) {
    HasMetadata object = desired.accepted().objects().get(key);
    if (object == null) {
      throw new IllegalStateException("describe " + key + ": in force and not accepted");
    }
    return object.getMetadata();
  }

  /** What has no room is left out from the end, and counted. */
  private static List<NodeMap> bounded(List<NodeMap> maps) {
    List<NodeMap> bounded = new ArrayList<>();
    int bytes = 0;
    for (NodeMap map : maps) {
      List<String> kept = new ArrayList<>();
      List<String> all = map.policies() == null ? List.of() : map.policies();
      for (String token : all) {
        bytes += token.length() + AROUND;
        if (bytes <= MAX_TOKEN_BYTES && kept.size() < MAX_POLICIES) {
          kept.add(token);
        }
      }
      int omitted = all.size() - kept.size();
      bounded.add(
          new NodeMap(
              map.name(),
              map.uid(),
              map.generation(),
              map.state(),
              map.reason(),
              map.entries(),
              kept.isEmpty() ? null : kept,
              omitted == 0 ? null : omitted));
    }
    return bounded;
  }
}
