package io.taskstorage.agent.compute;

import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.StoreMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this node should hold.
 *
 * @param maps the maps that it gets
 * @param rows the cgroups that get a row, parents before those below them
 * @param policies for each of {@code maps} a word for each policy from which its values follow: the
 *     same word in a later turn, or another process, is the same policy unchanged
 * @param held maps that must stay as they are although they are not in {@code maps}: their object
 *     is there and refused
 * @param isComplete false: the absence of a map means nothing
 * @param areCgroupsComplete false: the absence of a cgroup means nothing
 * @param judged every object, maps before policies
 * @param accepted what to remember for the next turn
 */
public record Desired(
    SortedMap<MapName, StoreMap> maps,
    SequencedMap<CgroupId, DesiredRow> rows,
    SortedMap<MapName, Set<String>> policies,
    Set<MapName> held,
    boolean isComplete,
    boolean areCgroupsComplete,
    List<Judged> judged,
    LastAccepted accepted) {

  /** Copies what it is given. */
  public Desired {
    maps = Collections.unmodifiableSortedMap(new TreeMap<>(maps));
    rows = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(rows));
    policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
    held = Set.copyOf(held);
    judged = List.copyOf(judged);
  }
}
