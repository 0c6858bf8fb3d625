package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/** Leaves each bpfName to one map. */
final class BpfNames {

  private BpfNames() {}

  /** Refuses, in place, every accepted map whose bpfName another one keeps. */
  static void resolve(
      SortedMap<String, Verdict<AcceptedMap>> maps, Map<String, String> bpfNamesInForce) {
    Map<String, String> keeper = new HashMap<>();
    // A refused map keeps the name that it has here: its tasks and its readers still live by it.
    maps.forEach(
        (name, verdict) -> {
          String inForce = bpfNamesInForce.get(name);
          if (inForce != null && !asksForAnother(verdict, inForce)) {
            keeper.merge(inForce, name, BpfNames::firstByName);
          }
        });
    maps.forEach(
        (name, verdict) -> {
          if (verdict instanceof Verdict.Accepted<AcceptedMap>(AcceptedMap map, var _)) {
            keeper.putIfAbsent(map.bpfName(), name);
          }
        });
    maps.replaceAll(
        (name, verdict) ->
            verdict instanceof Verdict.Accepted<AcceptedMap>(AcceptedMap map, var _)
                    && !name.equals(keeper.get(map.bpfName()))
                ? conflict(map.bpfName(), String.valueOf(keeper.get(map.bpfName())))
                : verdict);
  }

  private static boolean asksForAnother(Verdict<AcceptedMap> verdict, String inForce) {
    return verdict instanceof Verdict.Accepted<AcceptedMap>(AcceptedMap map, var _)
        && !map.bpfName().equals(inForce);
  }

  private static String firstByName(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Verdict<AcceptedMap> conflict(String bpfName, String keeper) {
    Problems problems = new Problems();
    problems.add(
        Reason.BPF_NAME_CONFLICT,
        "spec.bpfName",
        "%s belongs to TaskStorageMap %s: choose another name".formatted(bpfName, keeper));
    return problems.refused();
  }
}
