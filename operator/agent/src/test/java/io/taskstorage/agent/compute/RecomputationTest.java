package io.taskstorage.agent.compute;

import static io.taskstorage.agent.compute.RowComputationTest.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.compute.Judged.Reach;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.ContainerKind;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NamespaceRule;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import io.taskstorage.policy.PodProperty;
import io.taskstorage.policy.ReclaimPolicy;
import io.taskstorage.policy.Subject;
import io.taskstorage.policy.ValueSource;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is computed anew when a node's cgroups and pods change, and that it makes no difference. */
class RecomputationTest {
  private static final LabelSelector ALL = LabelSelector.EVERYTHING;
  private static final NodeFacts NODE = new NodeFacts("n", Map.of());
  private static final SortedMap<String, AcceptedMap> MAPS =
      new TreeMap<>(
          Map.of(
              "m",
              new AcceptedMap(
                  "m",
                  "m",
                  StructLayout.parse("t{text:Char[32],level:U8,hue:U8}"),
                  ALL,
                  ReclaimPolicy.DELETE,
                  new NamespaceRule.None(),
                  Set.of(),
                  1)));
  private static final int STEPS = 300;

  private final Rules rules = rules();
  private final SortedMap<String, String> pods = new TreeMap<>();
  private final SortedMap<String, Long> others = new TreeMap<>();
  private Optional<RowComputation> last = Optional.empty();

  private static Rules rules() {
    return new Rules(
        List.of(
            policy("uid", pods(List.of()), "text", uid()),
            policy("level", pods(List.of()), "level", new ValueSource.Literal("1")),
            policy("server", pods(List.of("server")), "hue", new ValueSource.Literal("2")),
            policy(
                "host",
                new Subject.HostProcesses(ALL, List.of(), List.of("/a", "/a/b")),
                "hue",
                new ValueSource.Literal("3"))),
        MAPS,
        NODE);
  }

  private static Subject pods(List<String> containers) {
    return new Subject.Pods(Optional.of(ALL), ALL, containers);
  }

  private static ValueSource uid() {
    return new ValueSource.FieldRef(PodProperty.parse("metadata.uid").orElseThrow());
  }

  /** Pods by name, as they are labelled; and cgroups by path, with their ids. */
  private RowComputation compute(Rules by, Optional<RowComputation> before) {
    List<Cgroup> cgroups = new ArrayList<>();
    CgroupId root = new CgroupId(1);
    CgroupId kubepods = new CgroupId(2);
    cgroups.add(new Cgroup(root, Optional.empty(), "/"));
    cgroups.add(new Cgroup(kubepods, Optional.of(root), "/kubepods"));
    others.forEach(
        (path, id) -> {
          Optional<CgroupId> parent =
              Optional.ofNullable(others.get(path.substring(0, path.lastIndexOf('/'))))
                  .map(CgroupId::new);
          cgroups.add(new Cgroup(new CgroupId(id), parent.or(() -> Optional.of(root)), path));
        });
    SortedMap<String, PodOnNode> onNode = new TreeMap<>();
    pods.forEach(
        (name, label) -> {
          String path = "/kubepods/pod" + name;
          CgroupId id = new CgroupId(100 + 10 * Long.parseLong(name));
          cgroups.add(new Cgroup(id, Optional.of(kubepods), path));
          CgroupId server = new CgroupId(id.value() + 1);
          cgroups.add(new Cgroup(server, Optional.of(id), path + "/server"));
          cgroups.add(
              new Cgroup(
                  new CgroupId(id.value() + 2), Optional.of(server), path + "/server/worker"));
          onNode.put(
              path,
              new PodOnNode(pod(name, label), new TreeMap<>(Map.of("server", path + "/server"))));
        });
    return RowComputation.of(
        new CgroupSnapshot(cgroups, List.of()),
        Optional.of(new ClusterState(NODE, new TreeMap<>(), onNode, new TreeSet<>())),
        by,
        Earlier.NOTHING,
        before);
  }

  private RowComputation next() {
    RowComputation now = compute(rules, last);
    last = Optional.of(now);
    return now;
  }

  private static PodFacts pod(String name, String label) {
    return new PodFacts(
        "shop",
        name,
        "uid-" + name + label,
        Map.of("label", label),
        Map.of(),
        "",
        "n",
        new NamespaceFacts("shop", Map.of()),
        List.of(new ContainerFacts("server", "s:1", ContainerKind.REGULAR)));
  }

  @Test
  void onlyWhatIsNewIsResolved() {
    // Given: of each of 50 pods what it carries, and its container
    for (int i = 0; i < 50; i++) {
      pods.put("" + i, "a");
    }
    assertThat(next().resolutions()).isEqualTo(100);

    // When nothing has changed
    RowComputation same = next();

    // Then
    assertThat(same.resolutions()).isZero();
    assertThat(same.rows()).hasSize(100);

    // When a pod comes, and another goes
    pods.put("50", "a");
    pods.remove("0");

    // Then
    assertThat(next().resolutions()).isEqualTo(2);
  }

  @Test
  void whatHasChangedIsResolvedAnewAndAllBelowIt() {
    // Given
    pods.put("1", "a");
    pods.put("2", "a");
    next();

    // When
    pods.put("1", "b");

    // Then
    assertThat(next().resolutions()).isEqualTo(2);
  }

  @Test
  void otherRulesTakeNothingOver() {
    // Given
    pods.put("1", "a");
    next();

    // Then
    assertThat(compute(rules(), last).resolutions()).isEqualTo(2);
  }

  @Test
  void aHistoryHasTheRowsOfEachMoment() {
    // Given
    Random random = new Random(1);
    long id = 10_000;
    for (int step = 0; step < STEPS; step++) {
      // When
      String name = "" + random.nextInt(8);
      String path = List.of("/a", "/a/b", "/a/c", "/a/b/d").get(random.nextInt(4));
      switch (random.nextInt(4)) {
        case 0 -> pods.put(name, List.of("a", "b").get(random.nextInt(2)));
        case 1 -> pods.remove(name);
        case 2 -> {
          others.putIfAbsent("/a", id++);
          others.putIfAbsent("/a/b", id++);
          others.put(path, id++);
        }
        default -> others.keySet().removeIf(each -> each.startsWith(path));
      }
      RowComputation now = next();

      // Then
      RowComputation anew = compute(rules, Optional.empty());
      assertThat(now.rows()).as("step %d", step).isEqualTo(anew.rows());
      assertThat(List.copyOf(now.rows().keySet())).isEqualTo(List.copyOf(anew.rows().keySet()));
      assertThat(reaches(now)).isEqualTo(reaches(anew));
    }
  }

  private List<Reach> reaches(RowComputation computation) {
    return rules.policies().stream().map(policy -> computation.reach(policy.key())).toList();
  }
}
