package io.taskstorage.e2e.operator.story;

import static io.taskstorage.e2e.operator.story.Manifests.clusterPolicy;
import static io.taskstorage.e2e.operator.story.Manifests.map;
import static io.taskstorage.e2e.operator.story.Manifests.value;

import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.Host;
import io.taskstorage.testkit.cluster.OperatorCluster;
import io.taskstorage.testkit.cluster.OperatorTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Agents, the controller and the API server end at any time, and come back. */
@OperatorTest
class RestartsStoryTest {

  @Test
  void agentIsKilled(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "agent",
        cluster,
        tasks,
        stage -> {
          // Given
          StagedPod pod = carrying(stage, cluster.host(2), "agent");

          // When
          cluster.host(2).agent().kill();

          // Then: the map goes on without it, and says so
          stage.expectStatus("2-killed", "TaskStorageMap/agent", "ClusterTaskStoragePolicy/agent");
          stage.expectCarried(pod, "agent", "tenant_id=0 qos=1 app=");

          // When
          stage.apply(qos("agent", "2"));

          // Then: the others have it, and this node not yet
          stage.expectStatus(
              "3-changed-meanwhile", "TaskStorageMap/agent", "ClusterTaskStoragePolicy/agent");
          stage.expectCarried(pod, "agent", "tenant_id=0 qos=1 app=");

          // When
          cluster.host(2).agent().start();

          // Then
          stage.expectStatus("4-back", "TaskStorageMap/agent", "ClusterTaskStoragePolicy/agent");
          stage.awaitCarried(pod, "agent", "tenant_id=0 qos=2 app=");
        });
  }

  @Test
  void podsStartWhileNoAgentRuns(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "meanwhile",
        cluster,
        tasks,
        stage -> {
          // Given
          StagedPod pod = carrying(stage, cluster.host(2), "meanwhile");

          // When: two pods with three tasks start, and one task more in the pod that was there
          cluster.host(2).agent().kill();
          StagedPod one = stage.pod(cluster.host(2), "meanwhile-shop", "one", "app=cart");
          StagedPod other = stage.another(one);
          StagedPod two = stage.pod(cluster.host(2), "meanwhile-shop", "two", "app=cart");
          StagedPod more = stage.another(pod);

          // Then: they run without, and that one with its value
          stage.expectCarried(one, "meanwhile", "nothing");
          stage.expectCarried(two, "meanwhile", "nothing");
          stage.expectCarried(more, "meanwhile", "tenant_id=0 qos=1 app=");

          // When
          cluster.host(2).agent().start();

          // Then: all have it, and three had it late
          stage.expectStatus("2-back", "TaskStorageMap/meanwhile", "TaskStorageNodeState/host-2");
          for (StagedPod each : List.of(pod, one, other, two, more)) {
            stage.expectCarried(each, "meanwhile", "tenant_id=0 qos=1 app=");
          }
        });
  }

  @Test
  void controllerIsKilled(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "controller",
        cluster,
        tasks,
        stage -> {
          // Given
          StagedPod pod = carrying(stage, cluster.host(1), "controller");

          // When
          cluster.controller().kill();
          stage.apply(qos("controller", "2"));

          // Then: agents wait for nobody; only the status is behind
          stage.awaitCarried(pod, "controller", "tenant_id=0 qos=2 app=");
          stage.expectStatus("2-killed", "ClusterTaskStoragePolicy/controller");

          // When
          cluster.controller().start();

          // Then
          stage.expectStatus(
              "3-back", "TaskStorageMap/controller", "ClusterTaskStoragePolicy/controller");
        });
  }

  @Test
  void apiServerIsGone(OperatorCluster cluster, Tasks tasks) throws Exception {
    Stage.play(
        this,
        "api-server",
        cluster,
        tasks,
        stage -> {
          // Given
          Host host = cluster.host(1);
          StagedPod pod = carrying(stage, host, "api-server");

          // When
          cluster.apiServer().kill();
          StagedPod more = stage.another(pod);

          // Then: what is known holds, for new tasks too
          stage.awaitCarried(more, "api_server", "tenant_id=0 qos=1 app=");

          // When: the agent starts and there is nobody to ask
          host.agent().kill();
          host.agent().startAlone();
          StagedPod third = stage.another(pod);

          // Then
          stage.awaitCarried(third, "api_server", "tenant_id=0 qos=1 app=");
          stage.expectCarried(pod, "api_server", "tenant_id=0 qos=1 app=");

          // When
          cluster.apiServer().start();
          stage.apply(qos("api-server", "2"));

          // Then
          stage.expectStatus(
              "2-back", "TaskStorageMap/api-server", "ClusterTaskStoragePolicy/api-server");
          stage.expectCarried(pod, "api_server", "tenant_id=0 qos=2 app=");
          stage.expectCarried(third, "api_server", "tenant_id=0 qos=2 app=");
        });
  }

  /** A pod that carries {@code qos=1} of a new map. */
  private static StagedPod carrying(Stage stage, Host host, String name) {
    stage.namespace(name + "-shop", "team=shop");
    StagedPod pod = stage.pod(host, name + "-shop", "cart", "app=cart");
    String bpfName = name.replace('-', '_');
    stage.apply(map(name, bpfName));
    stage.apply(qos(name, "1"));
    stage.expectStatus("1-ready", "TaskStorageMap/" + name, "ClusterTaskStoragePolicy/" + name);
    stage.expectCarried(pod, bpfName, "tenant_id=0 qos=1 app=");
    return pod;
  }

  private static String qos(String name, String qos) {
    return clusterPolicy(name, name, "Baseline", "team: shop", "app: cart", value("qos", qos));
  }
}
