package io.taskstorage.e2e.operator.story;

import static io.taskstorage.e2e.operator.story.Manifests.cel;
import static io.taskstorage.e2e.operator.story.Manifests.clusterPolicy;
import static io.taskstorage.e2e.operator.story.Manifests.map;

import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.Host;
import io.taskstorage.testkit.cluster.OperatorCluster;
import io.taskstorage.testkit.cluster.OperatorTest;
import org.junit.jupiter.api.Test;

/** Nodes come, are cordoned, get another name, and go. */
@OperatorTest
class NodesStoryTest {
  private static final String[] USERS_OBJECTS = {
    "TaskStorageMap/nodes", "ClusterTaskStoragePolicy/nodes"
  };

  @Test
  void nodesComeAndGo(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "nodes",
        cluster,
        tasks,
        stage -> {
          // Given
          stage.namespace("nodes-shop", "team=shop");
          StagedPod one = stage.pod(cluster.host(1), "nodes-shop", "one", "app=cart");
          stage.apply(map("nodes", "nodes"));
          stage.apply(
              clusterPolicy(
                  "nodes", "nodes", "Admin", "team: shop", "app: cart", cel("app", "node.name")));
          stage.expectStatus("1-two-nodes", USERS_OBJECTS);
          stage.expectCarried(one, "nodes", "tenant_id=0 qos=0 app=host-1");

          // When: a node comes
          Host third = cluster.startHost(3, "host-3");
          stage.awaitPolicies(third);
          StagedPod pod = stage.pod(third, "nodes-shop", "three", "app=cart");

          // Then: its pod ran before the agent had seen it
          stage.expectStatus("2-third-node", USERS_OBJECTS);
          stage.awaitCarried(pod, "nodes", "tenant_id=0 qos=0 app=host-3");

          // When: nothing more may be put on it
          stage.kubectl("cordon host-3");
          stage.kubectl("annotate ctspolicy nodes looked-at=after-the-cordon");

          // Then: what is on it carries its value as before
          stage.expectStatus("3-cordoned", USERS_OBJECTS);
          stage.expectCarried(pod, "nodes", "tenant_id=0 qos=0 app=host-3");

          // When: the machine comes back under another name
          third.agent().stop();
          stage.kubectl("delete node host-3");
          stage.removePod(pod);
          Host renamed = cluster.startHost(3, "renamed");
          StagedPod again = stage.pod(renamed, "nodes-shop", "renamed", "app=cart");

          // Then: so did this one, and the kernel's map is the one that was there
          stage.expectStatus("4-renamed", USERS_OBJECTS);
          stage.awaitCarried(again, "nodes", "tenant_id=0 qos=0 app=renamed");
          stage.await(
              "the end of the old name's state",
              () -> !stage.kubectl("get tsnode -o name").contains("/host-3\n"));

          // When: it goes
          stage.removePod(again);
          renamed.agent().stop();
          stage.kubectl("delete node renamed");

          // Then
          stage.expectStatus("5-two-nodes-again", USERS_OBJECTS);
          stage.expectCarried(one, "nodes", "tenant_id=0 qos=0 app=host-1");
        });
  }
}
