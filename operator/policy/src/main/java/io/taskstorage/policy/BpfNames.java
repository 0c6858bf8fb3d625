package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Leaves each bpfName to one map. */
final class BpfNames {

  /**
   * A map that asks for a name.
   *
   * @param created when a server took the object; null where none did
   * @param isInForce the map has the name on this node; false for what a server dates, so that all
   *     nodes say the same
   */
  private record Claim(String bpfName, @Nullable String created, boolean isInForce, String map) {

    /** The first keeps the name. Times of the API server compare as texts. */
    static final Comparator<Claim> ORDER =
        Comparator.comparing(
                Claim::created, Comparator.nullsLast(Comparator.<String>naturalOrder()))
            .thenComparing(Claim::isInForce, Comparator.reverseOrder())
            .thenComparing(Claim::map);
  }

  private BpfNames() {}

  /** Refuses, in place, every accepted map whose bpfName another one keeps. */
  static void resolve(
      List<TaskStorageMap> maps,
      SortedMap<String, Verdict<AcceptedMap>> verdicts,
      Map<String, String> bpfNamesInForce) {
    Map<String, Claim> keepers = new HashMap<>();
    for (TaskStorageMap map : maps) {
      String name = map.getMetadata().getName();
      claim(map, verdicts.get(name), bpfNamesInForce.get(name))
          .ifPresent(
              claim -> keepers.merge(claim.bpfName(), claim, BinaryOperator.minBy(Claim.ORDER)));
    }
    verdicts.replaceAll(
        (name, verdict) -> {
          Claim keeper =
              verdict instanceof Verdict.Accepted<AcceptedMap>(AcceptedMap map, var _)
                  ? keepers.get(map.bpfName())
                  : null;
          return keeper == null || keeper.map().equals(name) ? verdict : conflict(keeper);
        });
  }

  private static Optional<Claim> claim(
      TaskStorageMap map, @Nullable Verdict<AcceptedMap> verdict, @Nullable String inForce) {
    String name = map.getMetadata().getName();
    Optional<String> accepted =
        verdict instanceof Verdict.Accepted<AcceptedMap>(AcceptedMap it, var _)
            ? Optional.of(it.bpfName())
            : Optional.empty();
    String created = map.getMetadata().getCreationTimestamp();
    if (created != null) {
      // What a server took and is refused here may be in force by the judgement of a newer version.
      return Optional.ofNullable(map.getSpec() == null ? null : map.getSpec().bpfName())
          .map(asked -> new Claim(asked, created, false, name));
    }
    // A refused map keeps the name that it has here: its tasks and its readers still live by it.
    if (inForce != null && accepted.map(inForce::equals).orElse(true)) {
      return Optional.of(new Claim(inForce, null, true, name));
    }
    return accepted.map(asked -> new Claim(asked, null, false, name));
  }

  private static Verdict<AcceptedMap> conflict(Claim keeper) {
    Problems problems = new Problems();
    problems.add(
        Reason.BPF_NAME_CONFLICT,
        "spec.bpfName",
        "%s belongs to TaskStorageMap %s: choose another name"
            .formatted(keeper.bpfName(), keeper.map()));
    return problems.refused();
  }
}
