package io.taskstorage.e2e.operator.story;

import static io.taskstorage.e2e.operator.story.Manifests.TENANTS_SET_QOS;
import static io.taskstorage.e2e.operator.story.Manifests.clusterPolicy;
import static io.taskstorage.e2e.operator.story.Manifests.map;
import static io.taskstorage.e2e.operator.story.Manifests.policy;
import static io.taskstorage.e2e.operator.story.Manifests.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.Host;
import io.taskstorage.testkit.cluster.OperatorCluster;
import io.taskstorage.testkit.cluster.OperatorTest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Statuses say what the kernel has, whatever happens to pods, tasks, policies and agents: another
 * history each time. {@code -Dtruth.seed} plays one again.
 */
@OperatorTest
class StatusTruthStoryTest {
  private static final String NAME = "truth";
  private static final List<String> NAMESPACES = List.of("truth-shop", "truth-bank");
  private static final int ROUNDS = Integer.getInteger("truth.story.rounds", 2);
  private static final int EVENTS = 9;

  private final List<StagedPod> pods = new ArrayList<>();
  private final List<StagedPod> more = new ArrayList<>();
  private final Set<Host> without = new HashSet<>();
  private final List<String> told = new ArrayList<>();
  private int made;
  private int changed;

  @Test
  void statusesSayWhatTheKernelHas(OperatorCluster cluster, Tasks tasks) throws Exception {
    Long again = Long.getLong("truth.seed");
    long seed = again == null ? new SecureRandom().nextLong() : again;
    Random random = new Random(seed);
    Stage.play(
        cluster,
        tasks,
        stage -> {
          // Given
          NAMESPACES.forEach(namespace -> stage.namespace(namespace, "tenant=acme"));
          stage.apply(mapThatMayFailOn(0));
          stage.apply(base(1));
          cluster.hosts().forEach(host -> comes(stage, host, random));
          for (int round = 1; round <= ROUNDS; round++) {
            try {
              // When
              for (int i = 0; i < EVENTS; i++) {
                told.add(event(stage, cluster.hosts(), random));
              }
              without.forEach(host -> host.agent().start());
              without.clear();
              // Then
              awaitCarried(stage, cluster);
              // When: counts go along with what is news
              stage.apply(mapThatMayFailOn(round));
              // Then
              awaitSaid(stage, cluster);
            } catch (RuntimeException | AssertionError e) {
              throw new AssertionError("-Dtruth.seed=%d: %s".formatted(seed, told), e);
            }
          }
        });
  }

  private static void awaitCarried(Stage stage, OperatorCluster cluster) {
    try {
      stage.await(
          "values of all tasks",
          () -> count(stage, cluster).carried().equals(count(stage, cluster).due()));
    } catch (ConditionTimeoutException e) {
      // The comparison below tells the difference.
    }
    assertThat(count(stage, cluster).carried()).isEqualTo(count(stage, cluster).due());
  }

  private static void awaitSaid(Stage stage, OperatorCluster cluster) {
    try {
      stage.await(
          "statuses that are true",
          () -> {
            CountedCluster now = count(stage, cluster);
            return now.said().equals(now.ought());
          });
    } catch (ConditionTimeoutException e) {
      // The comparison below tells the difference.
    }
    CountedCluster now = count(stage, cluster);
    assertThat(now.said()).isEqualTo(now.ought());
    assertThat(now.carried()).isEqualTo(now.due());
  }

  private static CountedCluster count(Stage stage, OperatorCluster cluster) {
    return CountedCluster.of(stage, cluster.hosts(), NAME, NAMESPACES);
  }

  private String event(Stage stage, List<Host> hosts, Random random) {
    Host host = hosts.get(random.nextInt(hosts.size()));
    return switch (random.nextInt(9)) {
      case 0, 1 -> comes(stage, host, random);
      case 2 -> goes(stage, random);
      case 3 -> relabel(stage, random);
      case 4 -> task(stage, random);
      case 5 -> namespaced(stage, random);
      case 6 -> {
        stage.apply(base(++changed % 200));
        yield "the cluster's policy changes";
      }
      default -> killOrStart(host);
    };
  }

  private String comes(Stage stage, Host host, Random random) {
    String namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
    StagedPod pod = stage.pod(host, namespace, "pod-" + ++made, "app=" + app(random));
    pods.add(pod);
    return pod + " comes";
  }

  private static String app(Random random) {
    return random.nextInt(3) > 0 ? "cart" : "till";
  }

  private String goes(Stage stage, Random random) {
    if (pods.isEmpty()) {
      return "nothing";
    }
    StagedPod pod = pods.remove(random.nextInt(pods.size()));
    for (StagedPod other : List.copyOf(more)) {
      if (other.cgroup().equals(pod.cgroup())) {
        end(other);
      }
    }
    stage.removePod(pod);
    return pod + " goes";
  }

  private void end(StagedPod task) {
    task.task().exit();
    task.task().reap();
    more.remove(task);
  }

  private String relabel(Stage stage, Random random) {
    if (pods.isEmpty()) {
      return "nothing";
    }
    StagedPod pod = pods.get(random.nextInt(pods.size()));
    String app = app(random);
    stage.kubectl(
        "label pod --overwrite -n %s %s app=%s".formatted(pod.namespace(), pod.name(), app));
    return pod + " becomes " + app;
  }

  private String task(Stage stage, Random random) {
    if (!more.isEmpty() && random.nextBoolean()) {
      StagedPod one = more.get(random.nextInt(more.size()));
      end(one);
      return "a task ends of " + one;
    }
    if (pods.isEmpty()) {
      return "nothing";
    }
    StagedPod pod = pods.get(random.nextInt(pods.size()));
    more.add(stage.another(pod));
    return "one more task of " + pod;
  }

  private String namespaced(Stage stage, Random random) {
    String namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
    if (random.nextInt(3) == 0) {
      stage.kubectl("delete tspolicy --ignore-not-found -n %s own".formatted(namespace));
      return "no policy in " + namespace;
    }
    stage.apply(policy(namespace, "own", NAME, value("qos", Integer.toString(++changed % 200))));
    return "a policy in " + namespace;
  }

  private String killOrStart(Host host) {
    if (without.remove(host)) {
      host.agent().start();
      return host.node() + ": agent starts";
    }
    host.agent().kill();
    without.add(host);
    return host.node() + ": agent is killed";
  }

  private static String mapThatMayFailOn(int nodes) {
    return map(NAME, NAME, TENANTS_SET_QOS, "maxFailedNodes: " + nodes);
  }

  private static String base(int qos) {
    return clusterPolicy(
        NAME, NAME, "Baseline", "tenant: acme", "app: cart", value("qos", Integer.toString(qos)));
  }
}
