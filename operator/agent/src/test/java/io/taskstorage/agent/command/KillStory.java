package io.taskstorage.agent.command;

import java.util.ArrayList;
import java.util.List;

/**
 * What changes while an agent is killed. Two tenants are in force, one in a cgroup within the
 * other's; a second map is there where the change needs one.
 */
enum KillStory {
  /** The value of the outer tenant changes. */
  VALUE_CHANGES,
  /** The inner tenant comes: its tasks had what the outer one says. */
  POLICY_COMES,
  /** The inner tenant goes: its tasks get what the outer one says. */
  POLICY_GOES,
  /** A second map comes. */
  MAP_COMES,
  /** It goes. */
  MAP_GOES,
  /** It goes, and is kept. */
  MAP_IS_KEPT,
  /** It has another layout. */
  LAYOUT_CHANGES,
  /** A field of it belongs to programs from now on. */
  OWNER_CHANGES,
  /** It has another name in the kernel. */
  NAME_CHANGES,
  /** It is to be kept from now on. */
  RECLAIM_CHANGES,
  /** Nothing changes, and an agent starts. */
  AGENT_STARTS,
  /** The outer tenant's value changes, and only then an agent starts. */
  AGENT_STARTS_LATE,
  /** A second map comes, and only then an agent starts. */
  AGENT_STARTS_TO_ANOTHER_MAP,
  /** Nothing is there yet, and an agent starts. */
  FIRST_AGENT_STARTS,
  /** The value of a pod's namespace changes at an API server; there is no folder of manifests. */
  NAMESPACE_CHANGES;

  private static final String LIMITS =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStorageMap
      metadata: {name: limits}
      spec:
        bpfName: limits
        reclaimPolicy: Delete
        value:
          typeName: limits
          fields:
          - {name: quota, type: U64}
          - {name: used, type: U64}
      """;

  private static final long OUTER = 2;
  private static final long INNER = 7;

  /** Whether the agent that dies is one that starts. */
  boolean isOfAStart() {
    return switch (this) {
      case AGENT_STARTS, AGENT_STARTS_LATE, AGENT_STARTS_TO_ANOTHER_MAP, FIRST_AGENT_STARTS -> true;
      case VALUE_CHANGES,
          POLICY_COMES,
          POLICY_GOES,
          MAP_COMES,
          MAP_GOES,
          MAP_IS_KEPT,
          LAYOUT_CHANGES,
          OWNER_CHANGES,
          NAME_CHANGES,
          RECLAIM_CHANGES,
          NAMESPACE_CHANGES ->
          false;
    };
  }

  /** Whether anything is in force before. */
  boolean isFirst() {
    return this == FIRST_AGENT_STARTS;
  }

  /** What the outer tenant's entries begin with. */
  long outer(boolean isChanged) {
    return switch (this) {
      case VALUE_CHANGES, AGENT_STARTS_LATE -> isChanged ? OUTER + 1 : OUTER;
      // More than the inner tenant has, so that the load sees a number grow.
      case POLICY_GOES -> INNER + 1;
      default -> OUTER;
    };
  }

  /** What the inner tenant's entries begin with. */
  long inner(boolean isChanged) {
    return hasInner(isChanged) ? INNER : outer(isChanged);
  }

  private boolean hasInner(boolean isChanged) {
    return switch (this) {
      case POLICY_COMES -> isChanged;
      case POLICY_GOES -> !isChanged;
      default -> true;
    };
  }

  /**
   * The manifests.
   *
   * @param outer path of the outer tenant's cgroup
   * @param inner of the other's
   */
  String[] manifests(String outer, String inner, boolean isChanged) {
    List<String> all = new ArrayList<>();
    all.add(Runs.MAP);
    all.add(Runs.policy("outer", 2, outer, outer(isChanged)));
    if (hasInner(isChanged)) {
      all.add(Runs.policy("inner", 1, inner, INNER));
    }
    String limits = limits(isChanged);
    if (!limits.isEmpty()) {
      all.add(limits);
      all.add(quota(outer));
    }
    return all.toArray(String[]::new);
  }

  private String limits(boolean isChanged) {
    return switch (this) {
      case MAP_COMES, AGENT_STARTS_TO_ANOTHER_MAP -> isChanged ? LIMITS : "";
      case MAP_GOES -> isChanged ? "" : LIMITS;
      case MAP_IS_KEPT -> isChanged ? "" : LIMITS.replace("Delete", "Retain");
      case LAYOUT_CHANGES -> isChanged ? LIMITS + "    - {name: burst, type: U32}\n" : LIMITS;
      case OWNER_CHANGES ->
          isChanged ? LIMITS.replace("used, type: U64", "used, type: U64, owner: Program") : LIMITS;
      case NAME_CHANGES ->
          isChanged ? LIMITS.replace("bpfName: limits", "bpfName: bounds") : LIMITS;
      case RECLAIM_CHANGES -> isChanged ? LIMITS.replace("Delete", "Retain") : LIMITS;
      default -> "";
    };
  }

  private static String quota(String path) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: ClusterTaskStoragePolicy
    metadata: {name: quota}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: limits}]
      tier: Admin
      priority: 1
      subject: {hostProcesses: {cgroupPaths: ["%s"]}}
      values:
      - {field: quota, value: "100"}
    """
        .formatted(path);
  }
}
