package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.PolicyFailure;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a status differs from the one that an object has. */
public enum Change {
  /** It does not. */
  NONE,
  /** In counts that come and go with processes: worth a write now and then. */
  COUNTS,
  /** In what people and programs act on. */
  REAL;

  /** Of a map: late and failed tasks are real changes, the other entries are counts. */
  public static Change between(@Nullable TaskStorageMapStatus before, TaskStorageMapStatus after) {
    if (after.equals(before)) {
      return NONE;
    }
    return before != null && withoutCounts(after).equals(withoutCounts(before)) ? COUNTS : REAL;
  }

  /** Of a policy: how many pods have zero in a field, and which one stands for them, are counts. */
  public static Change between(@Nullable PolicyStatus before, PolicyStatus after) {
    if (after.equals(before)) {
      return NONE;
    }
    return before != null && withoutCounts(after).equals(withoutCounts(before)) ? COUNTS : REAL;
  }

  private static TaskStorageMapStatus withoutCounts(TaskStorageMapStatus status) {
    EntryCounts entries = status.entries();
    return new TaskStorageMapStatus(
        status.observedGeneration(),
        status.programmedGeneration(),
        status.conditions(),
        status.layout(),
        status.pinPath(),
        status.attachedPolicies(),
        status.nodes(),
        entries == null
            ? null
            : new EntryCounts(null, null, null, entries.late(), entries.failed()),
        status.failures());
  }

  private static PolicyStatus withoutCounts(PolicyStatus status) {
    List<PolicyFailure> failures = status.failures();
    return new PolicyStatus(
        status.observedGeneration(),
        status.programmedGeneration(),
        status.conditions(),
        status.nodes(),
        status.overriddenFields(),
        failures == null ? null : failures.stream().map(Change::withoutCounts).toList());
  }

  private static PolicyFailure withoutCounts(PolicyFailure failure) {
    return new PolicyFailure(
        failure.reason(),
        failure.message(),
        failure.nodes(),
        failure.exampleNodes(),
        failure.field(),
        null,
        null);
  }
}
