package io.taskstorage.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The judgement of all objects together.
 *
 * @param maps for each map by name
 * @param policies for each policy
 */
public record AcceptedSet(
    SortedMap<String, Verdict<AcceptedMap>> maps,
    SortedMap<PolicyKey, Verdict<AcceptedPolicy>> policies) {

  /** Copies both. */
  public AcceptedSet {
    maps = Collections.unmodifiableSortedMap(new TreeMap<>(maps));
    policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
  }

  /** The maps in force, by name. */
  public SortedMap<String, AcceptedMap> acceptedMaps() {
    SortedMap<String, AcceptedMap> accepted = new TreeMap<>();
    maps.forEach(
        (name, verdict) -> {
          if (verdict instanceof Verdict.Accepted<AcceptedMap>(AcceptedMap map, var _)) {
            accepted.put(name, map);
          }
        });
    return Collections.unmodifiableSortedMap(accepted);
  }

  /** The policies in force, the one that decides first comes first. */
  public List<AcceptedPolicy> acceptedPolicies() {
    List<AcceptedPolicy> accepted = new ArrayList<>();
    for (Verdict<AcceptedPolicy> verdict : policies.values()) {
      if (verdict instanceof Verdict.Accepted<AcceptedPolicy>(AcceptedPolicy policy, var _)) {
        accepted.add(policy);
      }
    }
    accepted.sort(Precedence.ORDER);
    return Collections.unmodifiableList(accepted);
  }
}
