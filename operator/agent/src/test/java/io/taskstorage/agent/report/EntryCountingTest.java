package io.taskstorage.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.compute.Resolved;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.layout.Value;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EntryCountingTest {
  private static final MapName ONE = new MapName("one");
  private static final MapName TWO = new MapName("two");
  private static final MapName THREE = new MapName("three");

  private final SortedMap<String, PodOnNode> pods = new TreeMap<>();
  private final SequencedMap<CgroupId, DesiredRow> rows = new LinkedHashMap<>();

  private static Resolved resolved(MapName... maps) {
    Map<MapName, Value> values = new TreeMap<>();
    for (MapName map : maps) {
      values.put(map, Value.zero(8));
    }
    return new Resolved(new Row(values), new TreeMap<>(), new TreeMap<>());
  }

  private void pod(String path, String... containers) {
    SortedMap<String, String> byName = new TreeMap<>();
    for (String container : containers) {
      byName.put(container, path + "/" + container);
    }
    PodFacts facts =
        new PodFacts(
            "shop",
            path,
            path,
            Map.of(),
            Map.of(),
            "default",
            "n",
            new NamespaceFacts("shop", Map.of()),
            List.of());
    pods.put(path, new PodOnNode(facts, byName));
  }

  private void row(String path, Resolved resolved) {
    CgroupId id = new CgroupId(rows.size() + 1);
    rows.put(id, new DesiredRow(new Cgroup(id, Optional.empty(), path), resolved, Set.of()));
  }

  private EntryCounts count(MapName map) {
    ClusterState cluster =
        new ClusterState(new NodeFacts("n", Map.of()), new TreeMap<>(), pods, new TreeSet<>());
    ApiState api =
        new ApiState(
            new TreeMap<>(), true, false, List.of(), List.of(), List.of(), Optional.of(cluster));
    Observed observed =
        new Observed(
            api, new CgroupSnapshot(List.of(), List.of()), InForce.NOTHING, Optional.empty());
    Desired desired =
        new Desired(
            new TreeMap<>(),
            rows,
            new TreeMap<>(),
            Set.of(),
            true,
            true,
            List.of(),
            LastAccepted.NONE);
    return new EntryCounting(observed, desired, Optional.empty(), Map.of()).of(map);
  }

  @Test
  void podsThatShareARowCountEachAndOneWithAContainersRowCountsOnce() {
    // Given
    Resolved shared = resolved(ONE, TWO);
    pod("/a", "c");
    row("/a", shared);
    pod("/b");
    row("/b", shared);
    pod("/d", "c", "e");
    row("/d", resolved(ONE));
    row("/d/c", resolved(ONE, TWO));
    row("/d/e", resolved(TWO, THREE));
    pod("/nothing", "c");

    // When, Then
    assertThat(count(ONE)).isEqualTo(new EntryCounts(3, 1, 0L, 0L, 0L));
    assertThat(count(TWO)).isEqualTo(new EntryCounts(3, 2, 0L, 0L, 0L));
    assertThat(count(THREE)).isEqualTo(new EntryCounts(1, 1, 0L, 0L, 0L));
    assertThat(count(new MapName("other"))).isEqualTo(new EntryCounts(0, 0, 0L, 0L, 0L));
  }

  @Test
  void aRowThatIsNoPodsDoesNotCount() {
    // Given
    row("/system.slice", resolved(ONE));

    // When, Then
    assertThat(count(ONE)).isEqualTo(new EntryCounts(0, 0, 0L, 0L, 0L));
  }
}
