package io.taskstorage.agent.execute;

import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.Entry;
import io.taskstorage.taskstore.EntryAccess;
import io.taskstorage.taskstore.Installation;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Plane;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreException;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.StoreProblem;
import io.taskstorage.taskstore.SweepResult;
import io.taskstorage.taskstore.TaskStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A store that does nothing but remember its calls, and refuses what it is told to. It knows no
 * kernel: for what a store does there is the contract suite.
 */
final class ScriptedStore implements TaskStore {
  private final List<String> calls = new ArrayList<>();
  private final Set<String> refused = new HashSet<>();
  private final Map<MapName, Installation> installations = new HashMap<>();
  private SweepResult swept = new SweepResult(Map.of(), List.of(), 0, 0, 0, 0);

  /** The call, as {@link #calls} would show it, is refused from now on. */
  void refuse(String call) {
    refused.add(call);
  }

  /** It is taken again. */
  void allow(String call) {
    refused.remove(call);
  }

  void installsAs(MapName map, Installation installation) {
    installations.put(map, installation);
  }

  void sweepFinds(SweepResult result) {
    swept = result;
  }

  /** What was called since the last question. */
  List<String> calls() {
    List<String> told = List.copyOf(calls);
    calls.clear();
    return told;
  }

  private void call(String text) {
    calls.add(text);
    if (refused.contains(text)) {
      throw new StoreException(
          new StoreProblem.FolderRefused(text, java.nio.file.Path.of("/pins"), "no", "mend it"));
    }
  }

  @Override
  public Plane plane() {
    return Plane.RESCAN;
  }

  @Override
  public Installation install(StoreMap map) {
    call("install " + map.name());
    return installations.getOrDefault(map.name(), new Installation.Created());
  }

  @Override
  public void publish(MapName map) {
    call("publish " + map);
  }

  @Override
  public void remove(MapName map, Reclaim reclaim) {
    call("remove " + map + " " + reclaim);
  }

  @Override
  public void assign(CgroupId cgroup, Row row, Set<MapName> overdue) {
    call(
        "assign "
            + cgroup
            + " "
            + row.values().keySet().stream().sorted().toList()
            + (overdue.isEmpty() ? "" : " overdue " + overdue.stream().sorted().toList()));
  }

  @Override
  public void unassign(CgroupId cgroup) {
    call("unassign " + cgroup);
  }

  @Override
  public SweepResult sweep() {
    call("sweep");
    return swept;
  }

  @Override
  public Map<MapName, Long> late() {
    throw new UnsupportedOperationException("late");
  }

  @Override
  public void remember(MapName map, Set<String> words) {
    call("remember " + map + " " + words.stream().sorted().toList());
  }

  @Override
  public SweepResult verify() {
    throw new UnsupportedOperationException("verify");
  }

  @Override
  public List<Entry> entries(MapName map) {
    throw new UnsupportedOperationException("entries");
  }

  @Override
  public EntryAccess access(MapName map) {
    throw new UnsupportedOperationException("access");
  }

  @Override
  public void close() {}
}
