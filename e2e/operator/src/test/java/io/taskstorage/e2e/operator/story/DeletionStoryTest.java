package io.taskstorage.e2e.operator.story;

import static io.taskstorage.e2e.operator.story.Manifests.clusterPolicy;
import static io.taskstorage.e2e.operator.story.Manifests.map;
import static io.taskstorage.e2e.operator.story.Manifests.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.Host;
import io.taskstorage.testkit.cluster.OperatorCluster;
import io.taskstorage.testkit.cluster.OperatorTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Policies and maps go, and come back. */
@OperatorTest
class DeletionStoryTest {

  @Test
  void policyGoesAndMapGoes(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "delete",
        cluster,
        tasks,
        stage -> {
          // Given
          StagedPod pod = carrying(stage, cluster, "deleted", "");

          // When
          stage.kubectl("delete ctspolicy deleted");

          // Then
          stage.awaitCarried(pod, "deleted", "nothing");
          stage.expectStatus("2-without-policy", "TaskStorageMap/deleted");

          // When
          stage.apply(qos("deleted", "2"));
          stage.expectStatus("3-with-policy-again", "ClusterTaskStoragePolicy/deleted");
          stage.expectCarried(pod, "deleted", "tenant_id=0 qos=2 app=");
          stage.kubectl("delete tsmap deleted");

          // Then: the pins go, and the policy waits for a map of the name
          stage.expectStatus(
              "4-without-map",
              "ClusterTaskStoragePolicy/deleted",
              "TaskStorageNodeState/host-1",
              "TaskStorageNodeState/host-2");
          for (Host host : cluster.hosts()) {
            stage.await("removal of the pin", () -> Stage.isEmpty(host.pins()));
          }
        });
  }

  @Test
  void retainedMapIsTakenUpAgain(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "retain",
        cluster,
        tasks,
        stage -> {
          // Given
          StagedPod pod = carrying(stage, cluster, "retained", "reclaimPolicy: Retain");
          Path pin = pod.host().pins().resolve("retained");
          String id = CarriedValues.mapId(pin);

          // When
          stage.kubectl("delete tsmap retained");
          stage.expectStatus(
              "2-without-map",
              "ClusterTaskStoragePolicy/retained",
              "TaskStorageNodeState/host-1",
              "TaskStorageNodeState/host-2");

          // Then: the kernel's map stays with what tasks carry
          assertThat(CarriedValues.mapId(pin)).isEqualTo(id);
          stage.expectCarried(pod, "retained", "tenant_id=0 qos=1 app=");

          // When
          stage.apply(map("retained", "retained"));

          // Then: it is the same one
          stage.expectStatus(
              "3-with-map-again", "TaskStorageMap/retained", "ClusterTaskStoragePolicy/retained");
          assertThat(CarriedValues.mapId(pin)).isEqualTo(id);
          stage.expectCarried(pod, "retained", "tenant_id=0 qos=1 app=");

          // When: now without Retain
          stage.kubectl("delete tsmap retained");

          // Then
          stage.await("removal of the pin", () -> !Files.exists(pin));
        });
  }

  /** A pod that carries {@code qos=1} of a new map. */
  private static StagedPod carrying(
      Stage stage, OperatorCluster cluster, String name, String reclaim) {
    stage.namespace(name + "-shop", "team=shop");
    StagedPod pod = stage.pod(cluster.host(1), name + "-shop", "cart", "app=cart");
    stage.apply(reclaim.isEmpty() ? map(name, name) : map(name, name, reclaim));
    stage.apply(qos(name, "1"));
    stage.expectStatus("1-ready", "TaskStorageMap/" + name, "ClusterTaskStoragePolicy/" + name);
    stage.expectCarried(pod, name, "tenant_id=0 qos=1 app=");
    return pod;
  }

  private static String qos(String name, String qos) {
    return clusterPolicy(name, name, "Baseline", "team: shop", "app: cart", value("qos", qos));
  }
}
