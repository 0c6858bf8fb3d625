package io.taskstorage.e2e.controller;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.taskstorage.controller.cluster.ClusterAccess;
import io.taskstorage.controller.reconcile.Controller;
import io.taskstorage.controller.watch.OpenWatches;
import io.taskstorage.testkit.cluster.FaultyProxy;
import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A controller in this JVM, with a proxy between it and the API server that sees everything. */
final class TriedController implements AutoCloseable {
  private final Cluster cluster;
  private final FaultyAccess access;
  private final KubernetesClient client;
  private final Controller controller;
  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private final Knowledge knowledge;

  private TriedController(Cluster cluster, String identity, Controller.Options options) {
    this.cluster = cluster;
    this.access = new FaultyAccess(cluster);
    OpenWatches watches = new OpenWatches();
    this.client = ClusterAccess.open(Optional.of(access.kubeconfig()), Map.of(), watches);
    this.controller =
        new Controller(
            client, watches, Cluster.NAMESPACE, identity, options, metrics, cluster.clock());
    this.knowledge = Knowledge.of(controller, cluster.version());
  }

  /** One that has not started yet, and needs no Lease to write. */
  static TriedController alone(Cluster cluster) {
    return new TriedController(cluster, "alone", new Controller.Options(false, false));
  }

  /** The same, which takes the start-up taint from nodes. */
  static TriedController takingTaints(Cluster cluster) {
    return new TriedController(cluster, "alone", new Controller.Options(false, true));
  }

  /** One that has not started yet, and writes while it holds the Lease. */
  static TriedController elected(Cluster cluster, String identity) {
    return new TriedController(cluster, identity, new Controller.Options(true, false));
  }

  TriedController start() {
    controller.start();
    return this;
  }

  TriedController awaitWriting() {
    await().atMost(Cluster.PATIENCE).until(this::isWriting);
    return this;
  }

  boolean isWriting() {
    return Boolean.TRUE.equals(controller.state().get("writing"));
  }

  Controller controller() {
    return controller;
  }

  FaultyProxy proxy() {
    return access.proxy();
  }

  /** What it had taken in when it wrote; true of it after its end, too. */
  Knowledge knowledge() {
    return knowledge;
  }

  /** What it shows to the server from the next look at the file on, within ten seconds. */
  void showToken(String text) {
    access.showToken(text);
  }

  /**
   * What a metric says now, over all series that have this value of a label.
   *
   * @param name without {@code taskstorage_controller_} and {@code _total}
   */
  double metric(String name, String label, String value) {
    return metrics.scrape(each -> each.equals("taskstorage_controller_" + name)).stream()
        .flatMap(snapshot -> snapshot.getDataPoints().stream())
        .filter(point -> value.equals(point.getLabels().get(label)))
        .mapToDouble(
            point ->
                switch (point) {
                  case CounterDataPointSnapshot counter -> counter.getValue();
                  case GaugeDataPointSnapshot gauge -> gauge.getValue();
                  default -> throw new AssertionError(name + " is no number");
                })
        .sum();
  }

  /** The requests so far that change something, but those about the Lease. */
  List<Seen> writes() {
    return proxy().seen().stream()
        .filter(request -> !request.method().equals("GET"))
        .filter(request -> !request.pathAndQuery().contains("/leases"))
        .toList();
  }

  /** Ends it as SIGTERM does; a second time does nothing more. */
  @Override
  public void close() {
    controller.close();
    client.close();
    access.close();
    knowledge.close();
    knowledge.end(cluster.version());
  }
}
