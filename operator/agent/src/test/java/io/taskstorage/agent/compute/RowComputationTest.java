package io.taskstorage.agent.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.ContainerKind;
import io.taskstorage.policy.FieldValue;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NamespaceRule;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import io.taskstorage.policy.PodProperty;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.ReclaimPolicy;
import io.taskstorage.policy.Subject;
import io.taskstorage.policy.Tier;
import io.taskstorage.policy.ValueSource;
import io.taskstorage.policy.cel.CelCompilation;
import io.taskstorage.policy.cel.CelExpression;
import io.taskstorage.policy.cel.CelVariable;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which cgroup of a tree with pods carries what. */
class RowComputationTest {
  private static final LabelSelector ALL = LabelSelector.EVERYTHING;
  private static final NodeFacts NODE = new NodeFacts("n", Map.of());
  private static final StructLayout LAYOUT = StructLayout.parse("t{text:Char[32],level:U8}");
  private static final SortedMap<String, AcceptedMap> MAPS =
      new TreeMap<>(
          Map.of(
              "m",
              new AcceptedMap(
                  "m",
                  "m",
                  LAYOUT,
                  ALL,
                  ReclaimPolicy.DELETE,
                  new NamespaceRule.None(),
                  Set.of(),
                  1)));

  private static final String POD = "/kubepods.slice/kubepods-pod1.slice";
  private static final List<String> TREE =
      List.of(
          "/",
          "/a",
          "/a/b",
          "/kubepods.slice",
          POD,
          POD + "/sandbox.scope",
          POD + "/server.scope",
          POD + "/server.scope/worker",
          POD + "/mesh.scope",
          "/kubepods.slice/kubepods-pod2.slice");

  @Test
  void podsAndContainersCarryTheirValues() {
    // Given
    List<AcceptedPolicy> policies =
        List.of(
            policy("pods", new Subject.Pods(Optional.of(ALL), ALL, List.of()), "level", "1"),
            policy("mesh", new Subject.Pods(Optional.of(ALL), ALL, List.of("mesh")), "text", "x"));
    // When
    Map<String, String> rows = rows(policies, Optional.of(cluster(POD)));
    // Then
    assertThat(rows)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(POD, "text= level=1", POD + "/mesh.scope", "text=x level=1"));
  }

  @Test
  void computedValuesAreThoseOfTheContainer() {
    // Given: a policy of whole pods that asks for the container
    AcceptedPolicy policy =
        policy(
            "pods",
            new Subject.Pods(Optional.of(ALL), ALL, List.of()),
            "text",
            cel("container.name + '@' + pod.name", "container.name", "pod.name"));
    // When
    Map<String, String> rows = rows(List.of(policy), Optional.of(cluster(POD)));
    // Then: what is not known to be a container's is the pod's, and what lies below a container its
    assertThat(rows)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                POD,
                "text=@web level=0",
                POD + "/server.scope",
                "text=server@web level=0",
                POD + "/mesh.scope",
                "text=mesh@web level=0"));
  }

  @Test
  void propertiesOfThePodAreTheSameInItsContainers() {
    // Given
    AcceptedPolicy policy =
        policy(
            "pods",
            new Subject.Pods(Optional.of(ALL), ALL, List.of()),
            "text",
            new ValueSource.FieldRef(PodProperty.parse("metadata.uid").orElseThrow()));
    // When
    Map<String, String> rows = rows(List.of(policy), Optional.of(cluster(POD)));
    // Then
    assertThat(rows).isEqualTo(Map.of(POD, "text=u1 level=0"));
  }

  @Test
  void hostPoliciesNeverReachIntoPods() {
    // Given: pods that stand where no kubelet puts them, and policies that name them and the root
    String odd = "/a/b";
    Subject host = new Subject.HostProcesses(ALL, List.of(), List.of("/a", "/a/b", "/a/b/c"));
    // When
    Map<String, String> rows =
        rows(
            List.of("/", "/a", "/a/b", "/a/b/c", "/a/d"),
            List.of(policy("host", host, "level", "3")),
            Optional.of(cluster(odd)));
    // Then
    assertThat(rows).isEqualTo(Map.of("/a", "text= level=3", "/a/b", "nothing"));
  }

  @Test
  void computedValueOfTheHostIsThatOfTheSelectedCgroup() {
    // Given: below /a somebody made /a/b, which another policy selects
    Subject.HostProcesses outer = new Subject.HostProcesses(ALL, List.of(), List.of("/a"));
    Subject.HostProcesses inner = new Subject.HostProcesses(ALL, List.of(), List.of("/a/b"));
    List<AcceptedPolicy> policies =
        List.of(
            policy("a", outer, "text", cel("process.cgroupPath", "process.cgroupPath")),
            policy("b", inner, "level", "2"));
    // When
    Map<String, String> rows = rows(policies, Optional.empty());
    // Then
    assertThat(rows).isEqualTo(Map.of("/a", "text=/a level=0", "/a/b", "text=/a level=2"));
  }

  @Test
  void withoutAClusterPodsAreSelectedByNobody() {
    // Given
    AcceptedPolicy policy =
        policy("pods", new Subject.Pods(Optional.of(ALL), ALL, List.of()), "level", "1");
    // Then
    assertThat(rows(List.of(policy), Optional.empty())).isEmpty();
    assertThat(rows(List.of(policy), Optional.of(cluster(new TreeMap<>())))).isEmpty();
  }

  private static Map<String, String> rows(
      List<AcceptedPolicy> policies, Optional<ClusterState> cluster) {
    return rows(TREE, policies, cluster);
  }

  private static Map<String, String> rows(
      List<String> tree, List<AcceptedPolicy> policies, Optional<ClusterState> cluster) {
    Map<String, String> rows = new HashMap<>();
    RowComputation.of(
            snapshot(tree),
            cluster,
            new Rules(policies, MAPS, NODE),
            Earlier.NOTHING,
            Optional.empty())
        .rows()
        .values()
        .forEach(
            row ->
                rows.put(
                    row.cgroup().path(),
                    row.fields().values().stream()
                        .map(
                            fields ->
                                "text=%s level=%s"
                                    .formatted(
                                        Objects.requireNonNull(fields.get("text"))
                                            .replace("\"", ""),
                                        fields.get("level")))
                        .findFirst()
                        .orElse("nothing")));
    return rows;
  }

  private static CgroupSnapshot snapshot(List<String> tree) {
    List<Cgroup> cgroups = new ArrayList<>();
    for (int i = 0; i < tree.size(); i++) {
      String path = tree.get(i);
      String parent = path.substring(0, Math.max(1, path.lastIndexOf('/')));
      Optional<CgroupId> above =
          path.equals("/") ? Optional.empty() : Optional.of(new CgroupId(tree.indexOf(parent) + 1));
      cgroups.add(new Cgroup(new CgroupId(i + 1), above, path));
    }
    return new CgroupSnapshot(cgroups, List.of());
  }

  private static ClusterState cluster(String podCgroup) {
    PodFacts pod =
        new PodFacts(
            "shop",
            "web",
            "u1",
            Map.of(),
            Map.of(),
            "",
            "n",
            new NamespaceFacts("shop", Map.of()),
            List.of(
                new ContainerFacts("server", "s:1", ContainerKind.REGULAR),
                new ContainerFacts("mesh", "m:1", ContainerKind.SIDECAR),
                new ContainerFacts("late", "l:1", ContainerKind.EPHEMERAL)));
    SortedMap<String, String> containers = new TreeMap<>();
    containers.put("server", podCgroup + "/server.scope");
    containers.put("mesh", podCgroup + "/mesh.scope");
    containers.put("unheard-of", podCgroup + "/sandbox.scope");
    return cluster(new TreeMap<>(Map.of(podCgroup, new PodOnNode(pod, containers))));
  }

  private static ClusterState cluster(SortedMap<String, PodOnNode> pods) {
    return new ClusterState(NODE, new TreeMap<>(), pods, new TreeSet<>());
  }

  private static ValueSource cel(String text, String... variables) {
    Field field = LAYOUT.field("text").orElseThrow().field();
    List<CelVariable> declared =
        List.of(variables).stream()
            .map(name -> new CelVariable(name, CelVariable.Kind.TEXT))
            .toList();
    return switch (CelExpression.compile(text, field, declared)) {
      case CelCompilation.Compiled(CelExpression expression) -> new ValueSource.Cel(expression);
      case CelCompilation.Refused refused -> throw new AssertionError(refused.toString());
    };
  }

  private static AcceptedPolicy policy(String name, Subject subject, String field, String literal) {
    return policy(name, subject, field, new ValueSource.Literal(literal));
  }

  /** Of the tier Admin, for the map {@code m}, with one value. */
  static AcceptedPolicy policy(String name, Subject subject, String field, ValueSource source) {
    return new AcceptedPolicy(
        PolicyKey.cluster(name),
        Tier.ADMIN,
        0,
        "m",
        subject,
        List.of(new FieldValue(field, source)),
        1);
  }
}
