package io.taskstorage.agent.compute;

import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.Verdict;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the policy engine says of one object, and what that means on this node. */
public sealed interface Judged {

  /** Which object. */
  ObjectKey key();

  /** The verdict about the object as it is written now. */
  Verdict<?> verdict();

  /** True where it is refused and an earlier version of it stays in force. */
  boolean earlierStays();

  /**
   * A map.
   *
   * @param selectsNode this node gets it
   */
  record OfMap(
      ObjectKey key, Verdict<AcceptedMap> verdict, boolean earlierStays, boolean selectsNode)
      implements Judged {}

  /** A policy and how far it reaches here. */
  record OfPolicy(ObjectKey key, Verdict<AcceptedPolicy> verdict, boolean earlierStays, Reach reach)
      implements Judged {}

  /**
   * A policy that only an agent in a cluster acts on: it selects pods, which a folder of manifests
   * knows nothing about.
   */
  record OfPods(ObjectKey key, Verdict<AcceptedPolicy> verdict, boolean earlierStays)
      implements Judged {}

  /**
   * What a policy selects and decides on this node.
   *
   * @param cgroups how many cgroups it names, not counting those below them
   * @param decided its fields that it decides for some cgroup
   * @param overridden its fields that another policy decides for some cgroup
   */
  record Reach(int cgroups, SortedSet<String> decided, SortedSet<String> overridden) {
    /** Copies the sets. */
    public Reach {
      decided = Collections.unmodifiableSortedSet(new TreeSet<>(decided));
      overridden = Collections.unmodifiableSortedSet(new TreeSet<>(overridden));
    }
  }
}
