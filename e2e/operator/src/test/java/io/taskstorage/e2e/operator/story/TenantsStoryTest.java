package io.taskstorage.e2e.operator.story;

import static io.taskstorage.e2e.operator.story.Manifests.TENANTS_SET_QOS;
import static io.taskstorage.e2e.operator.story.Manifests.clusterPolicy;
import static io.taskstorage.e2e.operator.story.Manifests.map;
import static io.taskstorage.e2e.operator.story.Manifests.policy;
import static io.taskstorage.e2e.operator.story.Manifests.value;

import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.OperatorCluster;
import io.taskstorage.testkit.cluster.OperatorTest;
import org.junit.jupiter.api.Test;

/** Two tenants and the platform's team set fields of one value. */
@OperatorTest
class TenantsStoryTest {
  private static final String[] POLICIES = {
    "TaskStorageMap/tenants",
    "ClusterTaskStoragePolicy/tenants-default",
    "TaskStoragePolicy/own-qos",
    "TaskStoragePolicy/greedy"
  };

  @Test
  void twoTenants(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "two-tenants",
        cluster,
        tasks,
        stage -> {
          // Given: one on a host of its own, the other on both
          stage.namespace("tenants-shop", "tenant=shop,kind=tenant");
          stage.namespace("tenants-bank", "tenant=bank,kind=tenant");
          StagedPod cart = stage.pod(cluster.host(1), "tenants-shop", "cart", "app=cart");
          StagedPod ledger = stage.pod(cluster.host(1), "tenants-bank", "ledger", "app=ledger");
          StagedPod teller = stage.pod(cluster.host(2), "tenants-bank", "teller", "app=ledger");

          // When: a default for both, and in each namespace what it likes
          stage.apply(map("tenants", "tenants", TENANTS_SET_QOS));
          stage.apply(
              """
              apiVersion: taskstorage.io/v1alpha1
              kind: ClusterTaskStoragePolicy
              metadata: {name: tenants-default}
              spec:
                targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: tenants}]
                tier: Baseline
                priority: 100
                subject: {pods: {namespaceSelector: {matchLabels: {kind: tenant}}}}
                values: [{field: tenant_id, value: "1"}, {field: qos, value: "1"}]
              """);
          stage.apply(policy("tenants-shop", "own-qos", "tenants", value("qos", "5")));
          stage.apply(policy("tenants-bank", "greedy", "tenants", value("tenant_id", "666")));

          // Then: the second may not
          stage.expectStatus("1-two-tenants", POLICIES);
          stage.expectCarried(cart, "tenants", "tenant_id=1 qos=5 app=");
          stage.expectCarried(ledger, "tenants", "tenant_id=1 qos=1 app=");
          stage.expectCarried(teller, "tenants", "tenant_id=1 qos=1 app=");

          // When: the platform's team overrides
          stage.apply(
              clusterPolicy(
                  "tenants-freeze",
                  "tenants",
                  "Admin",
                  "kind: tenant",
                  "app: cart",
                  value("qos", "9")));

          // Then
          stage.expectStatus(
              "2-overridden",
              "ClusterTaskStoragePolicy/tenants-freeze",
              "TaskStoragePolicy/own-qos",
              "TaskStorageNodeState/host-1");
          stage.expectCarried(cart, "tenants", "tenant_id=1 qos=9 app=");
          stage.expectCarried(ledger, "tenants", "tenant_id=1 qos=1 app=");

          // When
          stage.kubectl("delete ctspolicy tenants-freeze");

          // Then: what it stood before shows again
          stage.expectStatus("3-no-more", POLICIES);
          stage.awaitCarried(cart, "tenants", "tenant_id=1 qos=5 app=");

          // When: the map takes back what it allowed
          stage.apply(map("tenants", "tenants"));

          // Then
          stage.expectStatus("4-not-allowed", POLICIES);
          stage.awaitCarried(cart, "tenants", "tenant_id=1 qos=1 app=");
        });
  }
}
