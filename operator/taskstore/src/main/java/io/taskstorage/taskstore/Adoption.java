package io.taskstorage.taskstore;

import io.taskstorage.layout.StructLayout;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What to do about a wanted map, given what is pinned. Pure: what was read comes in, a decision
 * goes out.
 */
sealed interface Adoption {
  /** Nothing of it is there: make it. */
  record Create() implements Adoption {}

  /** Take over this map; its record may have to move to its place. */
  record Adopt(FoundMap from) implements Adoption {}

  /** Make another map beside this one. */
  record Replace(FoundMap old, List<String> differences) implements Adoption {}

  /** Something at the public path is not ours. */
  record Foreign(String why, String mend) implements Adoption {}

  /** The public map is one of ours, and its record is not understood. */
  record Unreadable(UnreadableRecord record) implements Adoption {}

  /** Another map in force has the name. */
  record Taken(MapName holder) implements Adoption {}

  /**
   * A complete record and the map that it pins.
   *
   * @param differences from the attributes and BTF of the wanted map; empty where they are right
   * @param access whom agents have let in at its public pin, beyond its owner
   */
  record FoundMap(
      RecordedMap record, int mapId, List<String> differences, List<PinAccess> access) {}

  /** A record that is not understood and the map that it pins. */
  record UnreadableMap(UnreadableRecord record, int mapId) {}

  /** What is at the public path. */
  sealed interface PublicPin {
    /** Nothing. */
    record Absent() implements PublicPin {}

    /**
     * A map.
     *
     * @param differences from the attributes and BTF of the wanted map
     */
    record OfMap(int mapId, int uid, int gid, int mode, List<String> differences)
        implements PublicPin {}

    /**
     * Anything else.
     *
     * @param what such as "a directory, not a map"
     */
    record OfOther(String what) implements PublicPin {}
  }

  /**
   * What our pins are like.
   *
   * @param uid whose they are
   * @param access whom they shall let in
   */
  record Ours(int uid, PinAccess access) {}

  /** Decides. */
  static Adoption decide(
      StoreMap wanted,
      List<FoundMap> found,
      List<UnreadableMap> unreadable,
      PublicPin pin,
      Ours pins) {
    Optional<FoundMap> holder =
        found.stream()
            .filter(f -> !f.record().retained() && f.record().bpfName().equals(wanted.bpfName()))
            .filter(f -> !f.record().name().equals(wanted.name()))
            .findFirst();
    if (holder.isPresent()) {
      return new Taken(holder.get().record().name());
    }
    // What was kept belongs to whoever has the bpfName next.
    List<FoundMap> ours =
        found.stream().filter(f -> f.record().bpfName().equals(wanted.bpfName())).toList();
    Optional<UnreadableRecord> notUnderstood = notUnderstood(pin, ours, unreadable);
    if (notUnderstood.isPresent()) {
      return new Unreadable(notUnderstood.get());
    }
    Optional<Foreign> foreign = foreign(pin, ours, pins);
    if (foreign.isPresent()) {
      return foreign.get();
    }
    Optional<FoundMap> best = ours.stream().min(preference(wanted, pin));
    if (best.isEmpty()) {
      return new Create();
    }
    List<String> differences = differences(wanted, best.get());
    return differences.isEmpty() ? new Adopt(best.get()) : new Replace(best.get(), differences);
  }

  /** Right ones first, of these the public one, of these the one with the very same record. */
  private static Comparator<FoundMap> preference(StoreMap wanted, PublicPin pin) {
    return Comparator.<FoundMap, Boolean>comparing(f -> !differences(wanted, f).isEmpty())
        .thenComparing(f -> !(pin instanceof PublicPin.OfMap m && m.mapId() == f.mapId()))
        .thenComparing(f -> !f.record().layout().equals(wanted.layout()))
        .thenComparing(f -> f.record().retained())
        .thenComparing(f -> f.record().folder());
  }

  private static List<String> differences(StoreMap wanted, FoundMap found) {
    StructLayout layout = found.record().layout();
    return layout.digest().equals(wanted.layout().digest())
        ? found.differences()
        : List.of(layoutDifference(layout, wanted.layout()));
  }

  /** One part of a sentence: what the layout was and is to be. */
  static String layoutDifference(StructLayout found, StructLayout wanted) {
    return "layout " + wanted.toText() + " wanted, " + found.toText() + " found";
  }

  private static Optional<UnreadableRecord> notUnderstood(
      PublicPin pin, List<FoundMap> ours, List<UnreadableMap> unreadable) {
    if (!(pin instanceof PublicPin.OfMap map)
        || ours.stream().anyMatch(f -> f.mapId() == map.mapId())) {
      return Optional.empty();
    }
    return unreadable.stream()
        .filter(u -> u.mapId() == map.mapId())
        .map(UnreadableMap::record)
        .findFirst();
  }

  private static Optional<Foreign> foreign(PublicPin pin, List<FoundMap> ours, Ours pins) {
    return switch (pin) {
      case PublicPin.Absent() -> Optional.empty();
      case PublicPin.OfOther(String what) -> Optional.of(taken("is " + what));
      case PublicPin.OfMap(int id, int uid, int gid, int mode, List<String> differences) -> {
        if (ours.stream().noneMatch(f -> f.mapId() == id)) {
          String how = differences.isEmpty() ? "" : ", " + String.join(", ", differences);
          yield Optional.of(taken("is a map that this agent did not make (id " + id + how + ")"));
        }
        yield foreign(
            uid,
            gid,
            mode,
            ours.stream().filter(f -> f.mapId() == id).flatMap(f -> f.access().stream()),
            pins);
      }
    };
  }

  /**
   * Whether a pin of a map of ours belongs to somebody else, or lets in others.
   *
   * @param earlier whom agents have let in there: as good as whom this one shall let in
   */
  static Optional<Foreign> foreign(
      int uid, int gid, int mode, Stream<PinAccess> earlier, Ours pins) {
    if (uid != pins.uid()) {
      return Optional.of(
          new Foreign(
              "belongs to user " + uid + ", not to user " + pins.uid(),
              "give it back with chown " + pins.uid()));
    }
    PinAccess wanted = pins.access();
    if (Stream.concat(earlier, Stream.of(PinAccess.PRIVATE, wanted))
        .anyMatch(access -> access.covers(mode, gid))) {
      return Optional.empty();
    }
    String found = "its mode " + PinAccess.text(mode & 0777) + " lets ";
    return Optional.of(
        wanted.isShared() && wanted.coversMode(mode)
            ? new Foreign(
                found + "group " + gid + " open it",
                "find out who gave it to them, then chgrp " + wanted.group().getAsInt())
            : new Foreign(
                found + "other users open it",
                "find out who loosened it, then chmod " + PinAccess.text(wanted.mode())));
  }

  private static Foreign taken(String why) {
    return new Foreign(why, "remove it, or give the map another bpfName");
  }
}
