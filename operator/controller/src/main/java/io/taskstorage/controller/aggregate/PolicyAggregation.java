package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.PolicyFailure;
import io.taskstorage.api.v1alpha1.PolicyNodeCounts;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.ReasonScope;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.FieldValue;
import io.taskstorage.policy.LabelSelection;
import io.taskstorage.policy.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the status of a policy of either kind. */
public final class PolicyAggregation {

  private final PolicyFacts policy;
  private final Fleet fleet;
  private final Progress progress = new Progress();

  /** What the nodes that have acted say of it. */
  private final List<Tokens.Word> words = new ArrayList<>();

  private PolicyAggregation(PolicyFacts policy, Fleet fleet) {
    this.policy = policy;
    this.fleet = fleet;
  }

  /**
   * The status that the policy ought to have.
   *
   * @param target the judgement of its map, if it is accepted
   * @param now for conditions whose status changes
   */
  public static PolicyStatus of(
      PolicyFacts policy, Optional<AcceptedMap> target, Fleet fleet, Instant now) {
    Conditions conditions =
        new Conditions(
            policy.before().map(PolicyStatus::conditions).orElse(null), policy.generation(), now);
    return switch (policy.verdict()) {
      case Verdict.Refused<AcceptedPolicy> refused ->
          new PolicyStatus(
              policy.generation(),
              earlier(policy),
              conditions.refused(refused).list(),
              null,
              null,
              null);
      case Verdict.Accepted<AcceptedPolicy>(AcceptedPolicy accepted, List<String> warnings) ->
          new PolicyAggregation(policy, fleet)
              .status(accepted, warnings, target.orElseThrow(), conditions);
    };
  }

  /**
   * Nodes drop a generation that is refused, and each of a map that goes: all of them have to act
   * on it again.
   */
  private static @Nullable Long earlier(PolicyFacts policy) {
    return policy
        .before()
        .map(PolicyStatus::programmedGeneration)
        .filter(earlier -> earlier < policy.generation())
        .orElse(null);
  }

  private PolicyStatus status(
      AcceptedPolicy accepted, List<String> warnings, AcceptedMap target, Conditions conditions) {
    TaskStorageMap map = policy.map().orElseThrow();
    for (NodeView node : fleet.nodes()) {
      if (LabelSelection.selects(target.nodeSelector(), node.labels()) && concerns(node, map)) {
        ask(node, map);
      }
    }
    boolean programmedBefore = isRecorded();
    Finding finding =
        refine(
            Finding.of(
                progress,
                fleet,
                policy.generation(),
                programmedBefore,
                Tolerance.of(map, progress.expected())),
            accepted);
    conditions.accepted("for TaskStorageMap " + accepted.map(), warnings, finding);
    boolean recorded = programmedBefore || finding.isReady();
    Long programmed = recorded ? Long.valueOf(policy.generation()) : earlier(policy);
    List<String> overridden = overridden(accepted);
    return new PolicyStatus(
        policy.generation(),
        programmed,
        conditions.list(),
        new PolicyNodeCounts(
            progress.expected(),
            progress.done(),
            recorded ? progress.waiting() : 0,
            progress.failed()),
        overridden.isEmpty() ? null : overridden,
        failures());
  }

  /**
   * True if a status depends on where the pods of the policy's namespace are: some node does not
   * say it itself.
   */
  static boolean needsPods(PolicyFacts policy, AcceptedMap target, Fleet fleet) {
    TaskStorageMap map = policy.map().orElseThrow();
    PolicyAggregation aggregation = new PolicyAggregation(policy, fleet);
    return !policy.key().isCluster()
        && fleet.nodes().stream()
            .filter(node -> LabelSelection.selects(target.nodeSelector(), node.labels()))
            .filter(NodeView::isAvailable)
            .anyMatch(node -> !aggregation.names(node, map) && !aggregation.isSilent(node, map));
  }

  /** A policy of a namespace concerns the nodes that run a pod of it, and no others. */
  private boolean concerns(NodeView node, TaskStorageMap map) {
    return policy.key().isCluster()
        || names(node, map)
        || (!isSilent(node, map) && fleet.runs(node, policy.key().namespace()));
  }

  /** An agent names the policies of those namespaces of which its node runs a pod. */
  private boolean names(NodeView node, TaskStorageMap map) {
    return row(node, map).filter(report -> report.tokens().name(policy.prefix())).isPresent();
  }

  /**
   * Once all have acted on a generation, a node that has the map and says nothing of the policy
   * runs no pod of its namespace; before, it may not have heard of it yet.
   */
  private boolean isSilent(NodeView node, TaskStorageMap map) {
    return isRecorded()
        && row(node, map)
            .filter(report -> report.state() == MapReport.State.PROGRAMMED)
            .filter(report -> !report.tokens().name(policy.prefix()))
            .isPresent();
  }

  /**
   * That all have acted on this generation is true of the map that they did it for. A map made anew
   * under the name has no record of its own yet.
   */
  private boolean isRecorded() {
    boolean mapIsRecorded =
        policy
            .map()
            .map(TaskStorageMap::getStatus)
            .map(TaskStorageMapStatus::programmedGeneration)
            .isPresent();
    return mapIsRecorded
        && policy
            .before()
            .map(PolicyStatus::programmedGeneration)
            .filter(earlier -> earlier == policy.generation())
            .isPresent();
  }

  private static Optional<MapReport> row(NodeView node, TaskStorageMap map) {
    return node.report().flatMap(report -> report.map(MapAggregation.uid(map)));
  }

  private void ask(NodeView node, TaskStorageMap map) {
    if (!node.isAvailable()) {
      progress.addUnavailable();
      return;
    }
    Optional<MapReport> row = row(node, map);
    long mapGeneration = Objects.requireNonNullElse(map.getMetadata().getGeneration(), 0L);
    if (MapAggregation.step(row, mapGeneration) == Progress.Step.FAILED) {
      // Where the map cannot be, nothing that is for it is in force.
      progress.add(Progress.Step.FAILED);
      progress.failures().addNode(node.name(), row.orElseThrow().reason());
      return;
    }
    Optional<Tokens.Word> word =
        row.filter(report -> report.state() == MapReport.State.PROGRAMMED)
            .flatMap(report -> report.tokens().of(policy.prefix(), policy.generation()));
    if (word.isEmpty()) {
      progress.add(Progress.Step.WAITING);
      return;
    }
    List<NodeFailure> rows =
        node.report().orElseThrow().failures().stream()
            .filter(failure -> policy.key().toString().equals(failure.policy()))
            .toList();
    Optional<NodeFailure> refusal =
        rows.stream().filter(PolicyAggregation::concernsTheNode).findFirst();
    if (refusal.isPresent()) {
      progress.add(Progress.Step.FAILED);
      progress
          .failures()
          .addNode(node.name(), Objects.requireNonNullElse(refusal.get().reason(), ""));
      return;
    }
    progress.add(Progress.Step.DONE);
    words.add(word.get());
    rows.forEach(failure -> progress.failures().addField(node.name(), failure, shows(failure)));
  }

  /**
   * True if the agent cannot do what the policy asks: not one field of some subjects, all of it.
   */
  private static boolean concernsTheNode(NodeFailure failure) {
    return failure.field() == null
        && Reason.ofWire(Objects.requireNonNullElse(failure.reason(), ""))
            .map(reason -> reason.scope() != ReasonScope.EVALUATION)
            .orElse(true);
  }

  /** A namespace's status names no pod of another one. */
  private boolean shows(NodeFailure failure) {
    return policy.key().isCluster()
        || (failure.examplePod() != null
            && failure.examplePod().startsWith(policy.key().namespace() + "/"));
  }

  private Finding refine(Finding finding, AcceptedPolicy accepted) {
    if (finding.reason() != Reason.PROGRAMMED) {
      return zeros(finding);
    }
    List<Tokens.Word> selecting = words.stream().filter(Tokens.Word::selects).toList();
    if (selecting.isEmpty()) {
      // What a node selects that cannot be asked now nobody knows.
      return progress.unavailable() > 0
          ? finding
          : finding.as(false, Reason.NO_MATCH, Reason.NO_MATCH.sentence());
    }
    if (selecting.stream().allMatch(Tokens.Word::overriddenWholly)) {
      return finding.as(false, Reason.OVERRIDDEN, Reason.OVERRIDDEN.sentence());
    }
    if (isOverridden()) {
      List<String> fields = overridden(accepted);
      return zeros(
          finding.as(
              true,
              Reason.PARTIALLY_PROGRAMMED,
              fields.isEmpty()
                  ? Reason.PARTIALLY_PROGRAMMED.sentence()
                  : "decided by policies that go first: " + String.join(", ", fields)));
    }
    return zeros(finding);
  }

  private Finding zeros(Finding finding) {
    return progress.failures().hasFields()
        ? new Finding(
            finding.status(),
            finding.reason(),
            finding.message() + "; some subjects have zero in a field: see failures")
        : finding;
  }

  private boolean isOverridden() {
    return words.stream().anyMatch(word -> word.overridden() || word.overriddenWholly());
  }

  /** Tokens say that fields are decided by others, not which: those that an earlier policy sets. */
  private List<String> overridden(AcceptedPolicy accepted) {
    boolean wholly =
        words.stream().anyMatch(Tokens.Word::selects)
            && words.stream().filter(Tokens.Word::selects).allMatch(Tokens.Word::overriddenWholly);
    return !isOverridden()
        ? List.of()
        : accepted.values().stream()
            .map(FieldValue::field)
            .filter(field -> wholly || policy.decidedBefore().contains(field))
            .toList();
  }

  private @Nullable List<PolicyFailure> failures() {
    List<PolicyFailure> rows = progress.failures().worst().stream().map(this::failure).toList();
    return rows.isEmpty() ? null : rows;
  }

  private PolicyFailure failure(Failures.Row row) {
    boolean ofField = !row.kind().field().isEmpty();
    return new PolicyFailure(
        row.kind().reason(),
        Failures.sentence(row.kind().reason()),
        row.nodes(),
        row.exampleNodes(),
        ofField ? row.kind().field() : null,
        ofField ? Integer.valueOf(row.pods()) : null,
        row.examplePod());
  }
}
