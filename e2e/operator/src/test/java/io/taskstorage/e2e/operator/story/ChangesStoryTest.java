package io.taskstorage.e2e.operator.story;

import static io.taskstorage.e2e.operator.story.Manifests.cel;
import static io.taskstorage.e2e.operator.story.Manifests.clusterPolicy;
import static io.taskstorage.e2e.operator.story.Manifests.fieldRef;
import static io.taskstorage.e2e.operator.story.Manifests.map;
import static io.taskstorage.e2e.operator.story.Manifests.value;

import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.Host;
import io.taskstorage.testkit.cluster.OperatorCluster;
import io.taskstorage.testkit.cluster.OperatorTest;
import org.junit.jupiter.api.Test;

/** Objects come in any order, and whatever values are made of changes. */
@OperatorTest
class ChangesStoryTest {
  private static final String[] ALL = {
    "TaskStorageMap/order",
    "ClusterTaskStoragePolicy/order",
    "TaskStorageNodeState/host-1",
    "TaskStorageNodeState/host-2"
  };

  private static final String[] ALL_OF_CHANGES = {
    "TaskStorageMap/changes",
    "ClusterTaskStoragePolicy/changes",
    "TaskStorageNodeState/host-1",
    "TaskStorageNodeState/host-2"
  };

  @Test
  void anyOrder(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "any-order",
        cluster,
        tasks,
        stage -> {
          // Given
          stage.namespace("order-shop", "team=shop");
          StagedPod cart = stage.pod(cluster.host(1), "order-shop", "cart", "app=cart");
          StagedPod till = stage.pod(cluster.host(2), "order-shop", "till", "app=till");
          String map = map("order", "order");
          String policy =
              clusterPolicy(
                  "order", "order", "Admin", "team: shop", "app: cart", value("tenant_id", "42"));

          // When
          stage.apply(policy);

          // Then
          stage.expectStatus("1-policy-without-map", "ClusterTaskStoragePolicy/order");
          stage.expectCarried(cart, "order", "no map");

          // When
          stage.apply(map);

          // Then
          stage.expectStatus("2-map-too", ALL);
          stage.expectCarried(cart, "order", "tenant_id=42 qos=0 app=");
          stage.expectCarried(till, "order", "nothing");

          // When: the other way round
          stage.kubectl("delete ctspolicy/order tsmap/order");
          for (Host host : cluster.hosts()) {
            stage.await("removal", () -> Stage.isEmpty(host.pins()));
          }
          stage.apply(map);

          // Then
          stage.expectStatus("3-map-without-policy", "TaskStorageMap/order");
          stage.expectCarried(cart, "order", "nothing");

          // When
          stage.apply(policy);

          // Then
          stage.expectStatus(
              "4-policy-too", "TaskStorageMap/order", "ClusterTaskStoragePolicy/order");
          stage.expectCarried(cart, "order", "tenant_id=42 qos=0 app=");
        });
  }

  @Test
  void whateverValuesAreMadeOfChanges(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "changes",
        cluster,
        tasks,
        stage -> {
          // Given
          stage.namespace("changes-shop", "team=shop,tenant-id=42");
          StagedPod cart = stage.pod(cluster.host(1), "changes-shop", "cart", "app=cart");
          StagedPod till = stage.pod(cluster.host(2), "changes-shop", "till", "app=till");
          stage.apply(map("changes", "changes"));
          stage.apply(changes("1"));
          stage.expectStatus(
              "1-ready", "TaskStorageMap/changes", "ClusterTaskStoragePolicy/changes");
          stage.expectCarried(cart, "changes", "tenant_id=42 qos=1 app=cart");
          stage.expectCarried(till, "changes", "nothing");

          // When: a value
          stage.apply(changes("7"));

          // Then
          stage.expectStatus("2-value", ALL_OF_CHANGES);
          stage.expectCarried(cart, "changes", "tenant_id=42 qos=7 app=cart");

          // When: labels of pods, into what is selected and out of it
          stage.kubectl("label pod -n changes-shop till app=cart --overwrite");
          stage.kubectl("label pod -n changes-shop cart app=basket --overwrite");

          // Then: on the other host, and the status as before
          stage.expectStatus("3-relabelled", ALL_OF_CHANGES);
          stage.awaitCarried(till, "changes", "tenant_id=42 qos=7 app=cart");
          stage.awaitCarried(cart, "changes", "nothing");

          // When: a label of the namespace that the value is made of
          stage.kubectl("label namespace changes-shop tenant-id=43 --overwrite");

          // Then
          stage.awaitCarried(till, "changes", "tenant_id=43 qos=7 app=cart");

          // When: the label of the namespace by which it is selected
          stage.kubectl("label namespace changes-shop team-");

          // Then
          stage.awaitCarried(till, "changes", "nothing");
          stage.expectStatus("4-nobody-selected", ALL_OF_CHANGES);
        });
  }

  private static String changes(String qos) {
    return clusterPolicy(
        "changes",
        "changes",
        "Baseline",
        "team: shop",
        "app: cart",
        cel("tenant_id", "uint(ns.labels['tenant-id'])"),
        value("qos", qos),
        fieldRef("app", "metadata.labels['app']"));
  }
}
