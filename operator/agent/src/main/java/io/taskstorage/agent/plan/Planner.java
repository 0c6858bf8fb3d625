package io.taskstorage.agent.plan;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.InForce.AssignedRow;
import io.taskstorage.agent.observe.InForce.MapInForce;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.StoreMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to do so that the store holds what is desired: the difference, ordered. Pure.
 *
 * <p>The order, and what a crash after each part leaves:
 *
 * <ol>
 *   <li>Maps that go. First, because a map that comes may want their bpfName. Left: fewer maps.
 *   <li>Maps that come, not yet public. Left: a map that no consumer sees; the next run adopts it.
 *   <li>Rows. Those of inner cgroups first, so that a value never shows for a moment in a cgroup
 *       that is shielded from it. Left: rows, which the next run states anew.
 *   <li>One sweep over the tasks. Left: some tasks in line; the next sweep mends the rest.
 *   <li>Pins of new maps, so that a public pin leads to a filled map.
 * </ol>
 */
public final class Planner {
  private static final Comparator<Step.Assign> INNER_FIRST =
      Comparator.comparingLong((Step.Assign step) -> depth(step.cgroup().path()))
          .reversed()
          .thenComparing(step -> step.cgroup().path());
  private static final Comparator<Step.Unassign> OUTER_FIRST =
      Comparator.comparingLong((Step.Unassign step) -> depth(step.cgroup().path()))
          .thenComparing(step -> step.cgroup().path());

  private final Desired desired;
  private final InForce inForce;

  private Planner(Desired desired, InForce inForce) {
    this.desired = desired;
    this.inForce = inForce;
  }

  /** The steps of a turn; at least the sweep. */
  public static List<Step> plan(Desired desired, InForce inForce) {
    return new Planner(desired, inForce).plan();
  }

  /** The steps of an end that leaves nothing: every map that this process installed goes. */
  public static List<Step> removeAll(InForce inForce) {
    List<Step> steps = new ArrayList<>();
    for (MapInForce known : inForce.maps().values()) {
      if (known.installed()) {
        steps.add(remove(known));
      }
    }
    return List.copyOf(steps);
  }

  private List<Step> plan() {
    List<Step> steps = new ArrayList<>();
    for (MapInForce known : inForce.maps().values()) {
      if (isRenamed(known) || isGone(known)) {
        steps.add(remove(known));
      }
    }
    Set<MapName> installs = new HashSet<>();
    for (StoreMap map : desired.maps().values()) {
      if (needsInstall(map)) {
        steps.add(new Step.InstallMap(map));
        installs.add(map.name());
      }
    }
    steps.addAll(assigns(installs));
    steps.addAll(unassigns());
    steps.add(new Step.Sweep(desired.policies()));
    for (StoreMap map : desired.maps().values()) {
      if (needsPublish(map)) {
        steps.add(new Step.PublishMap(map.name(), map.bpfName()));
      }
    }
    return List.copyOf(steps);
  }

  private static Step.RemoveMap remove(MapInForce known) {
    StoreMap map = known.map();
    return new Step.RemoveMap(map.name(), map.bpfName(), map.reclaim());
  }

  /** The map's object now asks for another kernel name. */
  private boolean isRenamed(MapInForce known) {
    StoreMap wanted = desired.maps().get(known.map().name());
    return wanted != null && !wanted.bpfName().equals(known.map().bpfName()) && !isHeld(wanted);
  }

  private boolean isGone(MapInForce known) {
    MapName name = known.map().name();
    return desired.isComplete()
        && !desired.maps().containsKey(name)
        && !desired.held().contains(name);
  }

  /**
   * A map of an earlier run stays untouched while not every object is known: without all its
   * policies a sweep would take values away.
   */
  private boolean isHeld(StoreMap map) {
    return !desired.isComplete()
        && known(map.name()).filter(known -> !known.installed()).isPresent();
  }

  private boolean needsInstall(StoreMap map) {
    boolean isInstalled =
        known(map.name()).filter(known -> known.installed() && known.map().equals(map)).isPresent();
    return !isInstalled && !isHeld(map);
  }

  /** What is public already, also by an earlier run, stays so when it is adopted. */
  private boolean needsPublish(StoreMap map) {
    boolean isPublic =
        known(map.name()).filter(known -> known.isPublic() && known.map().equals(map)).isPresent();
    return !isPublic && !isHeld(map);
  }

  private List<Step.Assign> assigns(Set<MapName> installs) {
    List<Step.Assign> assigns = new ArrayList<>();
    for (DesiredRow wanted : desired.rows().values()) {
      AssignedRow assigned = inForce.rows().get(wanted.cgroup().id());
      boolean isSame = assigned != null && assigned.row().equals(wanted.row());
      // An installation may forget what rows say of its map.
      boolean isForgotten = !Collections.disjoint(installs, wanted.row().values().keySet());
      if (!isSame || isForgotten) {
        assigns.add(new Step.Assign(wanted));
      }
    }
    assigns.sort(INNER_FIRST);
    return assigns;
  }

  private List<Step.Unassign> unassigns() {
    List<Step.Unassign> unassigns = new ArrayList<>();
    for (AssignedRow assigned : inForce.rows().values()) {
      CgroupId id = assigned.cgroup().id();
      if (!desired.rows().containsKey(id) && desired.areCgroupsComplete()) {
        unassigns.add(new Step.Unassign(assigned.cgroup()));
      }
    }
    unassigns.sort(OUTER_FIRST);
    return unassigns;
  }

  private Optional<MapInForce> known(MapName name) {
    return Optional.ofNullable(inForce.maps().get(name));
  }

  private static long depth(String path) {
    return path.chars().filter(c -> c == '/').count();
  }
}
