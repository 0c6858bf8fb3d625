package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.Turn;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ContainerNames;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a server tells a node, and the turn that the node then takes. */
final class ToldNode {
  private static final String POD_UID = "11111111-0000-0000-0000-000000000001";
  private static final String POD = "/kubepods/pod" + POD_UID;
  static final String MAP =
      """
      {"apiVersion":"taskstorage.io/v1alpha1","kind":"TaskStorageMap",
       "metadata":{"name":"ctx","uid":"aaaaaaaa-0000-0000-0000-000000000000","generation":2},
       "spec":{"bpfName":"ctx","value":{"typeName":"ctx","fields":[
         {"name":"tenant","type":"U64"},{"name":"qos","type":"U8"}]},
         "allowedPolicies":{"namespaces":{"from":"All"},"fields":["qos"]}%s}}
      """;

  static final String ALL_PODS = "\"pods\":{\"namespaceSelector\":{}}";
  static final String NO_PODS =
      "\"pods\":{\"namespaceSelector\":{\"matchLabels\":{\"no\":\"one\"}}}";

  final List<String> clusterPolicies = new ArrayList<>();
  final List<String> policies = new ArrayList<>();
  String map = MAP.formatted("");

  boolean hasPod = true;

  /** A cluster policy that sets fields; {@code values} is a list of JSON. */
  void clusterPolicy(int number, String tier, String subject, String values) {
    clusterPolicies.add(
        """
        {"apiVersion":"taskstorage.io/v1alpha1","kind":"ClusterTaskStoragePolicy",
         "metadata":{"name":"p%1$d","uid":"%1$08d-0000-0000-0000-000000000000","generation":7},
         "spec":{"targetRefs":[{"group":"taskstorage.io","kind":"TaskStorageMap","name":"ctx"}],
          "tier":"%2$s","priority":100,"subject":{%3$s},"values":[%4$s]}}
        """
            .formatted(number, tier, subject, values));
  }

  static String literal(String field, int value) {
    return "{\"field\":\"%s\",\"value\":\"%d\"}".formatted(field, value);
  }

  static String computed(String field, String expression) {
    return "{\"field\":\"%s\",\"valueFrom\":{\"cel\":{\"expression\":\"%s\"}}}"
        .formatted(field, expression);
  }

  Turn.Taken taken() {
    String pod =
        """
        {"metadata":{"name":"web-1","namespace":"shop","uid":"%s","labels":{"app":"web"}},
         "spec":{"nodeName":"n","containers":[{"name":"server"}]},
         "status":{"containerStatuses":[{"name":"server","containerID":"x://c1"}]}}
        """
            .formatted(POD_UID);
    Map<Resource, Mirror.State> known = new EnumMap<>(Resource.class);
    known.put(Resource.PODS, told(hasPod ? List.of(pod) : List.of()));
    known.put(Resource.NODES, told(List.of("{\"metadata\":{\"name\":\"n\"}}")));
    known.put(Resource.NAMESPACES, told(List.of("{\"metadata\":{\"name\":\"shop\"}}")));
    known.put(Resource.TASKSTORAGEMAPS, told(List.of(map)));
    known.put(Resource.CLUSTERTASKSTORAGEPOLICIES, told(clusterPolicies));
    known.put(Resource.TASKSTORAGEPOLICIES, told(policies));
    EmulatedMembership tree = new EmulatedMembership();
    tree.mkdir(POD + "/c1");
    AtomicReference<Turn.@Nullable Taken> taken = new AtomicReference<>();
    try (TaskStore store = TaskStores.emulated(tree)) {
      Turn turn =
          new Turn(
              new NodeFacts("n", Map.of()),
              tree,
              store,
              Optional.empty(),
              LastAccepted.NONE,
              taken::set);
      var cgroups = turn.look();
      ApiState api =
          new StateComputation("n", "server")
              .next(known, cgroups, ContainerNames.NONE, ApiState.UNKNOWN);
      assertThat(api.complete()).isTrue();
      turn.take(api, cgroups);
    }
    return Optional.ofNullable(taken.get()).orElseThrow();
  }

  private static Mirror.State told(List<String> objects) {
    return new Mirror.State(objects, true, false, Optional.empty());
  }
}
