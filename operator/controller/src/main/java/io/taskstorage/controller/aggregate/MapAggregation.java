package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.AttachedPolicies;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.FieldOffset;
import io.taskstorage.api.v1alpha1.LayoutStatus;
import io.taskstorage.api.v1alpha1.MapFailure;
import io.taskstorage.api.v1alpha1.MapNodeCounts;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.LabelSelection;
import io.taskstorage.policy.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the status of a map. */
public final class MapAggregation {

  /** The folder of the public pins, on every node. */
  private static final String PINS = "/sys/fs/bpf/taskstorage/";

  private final TaskStorageMap map;
  private final @Nullable TaskStorageMapStatus before;
  private final long generation;
  private final Conditions conditions;

  private MapAggregation(TaskStorageMap map, Instant now) {
    this.map = map;
    this.before = map.getStatus();
    this.generation = Objects.requireNonNullElse(map.getMetadata().getGeneration(), 0L);
    this.conditions = new Conditions(before == null ? null : before.conditions(), generation, now);
  }

  /**
   * The status that the map ought to have.
   *
   * @param map as last seen, with its uid, its generation and the status that it has
   * @param verdict the judgement of this very object
   * @param attached how many policies name it
   * @param now for conditions whose status changes
   */
  public static TaskStorageMapStatus of(
      TaskStorageMap map,
      Verdict<AcceptedMap> verdict,
      AttachedPolicies attached,
      Fleet fleet,
      Instant now) {
    MapAggregation aggregation = new MapAggregation(map, now);
    return switch (verdict) {
      case Verdict.Refused<AcceptedMap> refused -> aggregation.refused(refused, attached);
      case Verdict.Accepted<AcceptedMap>(AcceptedMap accepted, List<String> warnings) ->
          aggregation.accepted(accepted, warnings, attached, fleet);
    };
  }

  private TaskStorageMapStatus refused(
      Verdict.Refused<AcceptedMap> verdict, AttachedPolicies attached) {
    conditions.refused(verdict);
    affected(attached);
    return new TaskStorageMapStatus(
        generation, before(), conditions.list(), null, null, attached, null, null, null);
  }

  private TaskStorageMapStatus accepted(
      AcceptedMap accepted, List<String> warnings, AttachedPolicies attached, Fleet fleet) {
    Progress progress = progress(accepted, fleet);
    Long earlier = before();
    boolean programmedBefore = earlier != null && earlier == generation;
    Finding finding =
        Finding.of(
            progress, fleet, generation, programmedBefore, Tolerance.of(map, progress.expected()));
    StructLayout layout = accepted.layout();
    conditions.accepted("value of %d bytes".formatted(layout.sizeBytes()), warnings, finding);
    affected(attached);
    Long programmed = finding.isReady() ? Long.valueOf(generation) : earlier;
    boolean recorded = programmed != null && programmed == generation;
    return new TaskStorageMapStatus(
        generation,
        programmed,
        conditions.list(),
        layout(layout),
        PINS + accepted.bpfName(),
        attached,
        new MapNodeCounts(
            progress.desired(),
            progress.done(),
            recorded ? progress.waiting() : 0,
            progress.failed(),
            progress.unavailable()),
        entries(fleet),
        failures(progress.failures()));
  }

  private Progress progress(AcceptedMap accepted, Fleet fleet) {
    Progress progress = new Progress();
    for (NodeView node : fleet.nodes()) {
      if (!LabelSelection.selects(accepted.nodeSelector(), node.labels())) {
        continue;
      }
      if (!node.isAvailable()) {
        progress.addUnavailable();
        continue;
      }
      Optional<MapReport> row = node.report().flatMap(report -> report.map(uid(map)));
      Progress.Step step = step(row, generation);
      progress.add(step);
      if (step == Progress.Step.FAILED) {
        progress.failures().addNode(node.name(), row.orElseThrow().reason());
      }
    }
    return progress;
  }

  /** How a node fares with this generation of a map, by its own word. */
  static Progress.Step step(Optional<MapReport> row, long generation) {
    if (row.isEmpty() || row.get().generation() != generation) {
      return Progress.Step.WAITING;
    }
    return switch (row.get().state()) {
      case PROGRAMMED -> Progress.Step.DONE;
      case FAILED -> Progress.Step.FAILED;
      case REMOVING -> Progress.Step.WAITING;
    };
  }

  static String uid(TaskStorageMap map) {
    return Objects.requireNonNullElse(map.getMetadata().getUid(), "");
  }

  private @Nullable Long before() {
    return before == null ? null : before.programmedGeneration();
  }

  private void affected(AttachedPolicies attached) {
    affected(Condition.CLUSTER_POLICY_AFFECTED, attached.cluster());
    affected(Condition.POLICY_AFFECTED, attached.namespaced());
  }

  private void affected(String type, @Nullable Integer policies) {
    int count = Objects.requireNonNullElse(policies, 0);
    if (count == 0) {
      conditions.add(type, "False", Reason.NO_POLICIES, "no policy");
    } else {
      conditions.add(
          type, "True", Reason.POLICIES_ATTACHED, count == 1 ? "1 policy" : count + " policies");
    }
  }

  private static LayoutStatus layout(StructLayout layout) {
    return new LayoutStatus(
        layout.sizeBytes(),
        layout.alignmentBytes(),
        layout.digest(),
        layout.fields().stream()
            .map(f -> new FieldOffset(f.name(), f.offsetBytes(), f.sizeBytes()))
            .toList());
  }

  /** Over all nodes that tell of the map, available or not: what they wrote stays there. */
  private EntryCounts entries(Fleet fleet) {
    long[] sums = new long[5];
    for (NodeView node : fleet.nodes()) {
      node.report()
          .flatMap(report -> report.map(uid(map)))
          .flatMap(MapReport::entries)
          .ifPresent(
              entries -> {
                sums[0] += Objects.requireNonNullElse(entries.pods(), 0);
                sums[1] += Objects.requireNonNullElse(entries.containers(), 0);
                sums[2] += Objects.requireNonNullElse(entries.tasks(), 0L);
                sums[3] += Objects.requireNonNullElse(entries.late(), 0L);
                sums[4] += Objects.requireNonNullElse(entries.failed(), 0L);
              });
    }
    return new EntryCounts(
        (int) Math.min(sums[0], Integer.MAX_VALUE),
        (int) Math.min(sums[1], Integer.MAX_VALUE),
        sums[2],
        sums[3],
        sums[4]);
  }

  private static @Nullable List<MapFailure> failures(Failures failures) {
    List<MapFailure> rows =
        failures.worst().stream()
            .map(
                row ->
                    new MapFailure(
                        row.kind().reason(),
                        Failures.sentence(row.kind().reason()),
                        row.nodes(),
                        row.exampleNodes()))
            .toList();
    return rows.isEmpty() ? null : rows;
  }
}
